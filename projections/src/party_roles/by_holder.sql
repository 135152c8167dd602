-- The roles that somebody holds. $1 holder, $2 as of.
SELECT entity, from_position, to_position
    , party
    , role
    , holder
FROM party_roles
WHERE holder = $1 AND from_position <= $2 AND to_position > $2
ORDER BY party, role COLLATE "C"
