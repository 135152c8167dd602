-- What a party asks for. $1 who asks, $2 as of.
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
WHERE to_party = $1 AND from_position <= $2 AND to_position > $2
ORDER BY asked, entity
