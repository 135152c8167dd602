-- What a party is asked for. $1 who is asked, $2 as of.
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
WHERE from_party = $1 AND from_position <= $2 AND to_position > $2
ORDER BY asked, entity
