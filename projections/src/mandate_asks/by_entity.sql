-- One ask. $1 entity, $2 as of.
SELECT entity, from_position, to_position
    , from_party
    , to_party
    , access_packages
    , rights
    , valid_from
    , valid_to
    , status
    , asked_by
    , asked
    , answered_by
    , answered
FROM mandate_asks
WHERE entity = $1 AND from_position <= $2 AND to_position > $2
