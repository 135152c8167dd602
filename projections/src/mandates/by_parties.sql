-- What one party gives another. $1 who gives, $2 as of, $3 who is given it.
SELECT entity, from_position, to_position
    , from_party
    , to_party
    , access_package
    , single_right
    , valid_from
    , valid_to
FROM mandates
WHERE from_party = $1 AND to_party = $3 AND from_position <= $2 AND to_position > $2
ORDER BY entity
