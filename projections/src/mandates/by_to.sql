-- What a party is given by others. $1 who is given it, $2 as of.
SELECT entity, from_position, to_position
    , from_party
    , to_party
    , access_package
    , single_right
    , valid_from
    , valid_to
FROM mandates
WHERE to_party = $1 AND from_position <= $2 AND to_position > $2
ORDER BY from_party, entity
