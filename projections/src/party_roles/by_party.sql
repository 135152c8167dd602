-- The roles that are held for a party. $1 party, $2 as of.
SELECT entity, from_position, to_position
    , party
    , role
    , holder
FROM party_roles
WHERE party = $1 AND from_position <= $2 AND to_position > $2
ORDER BY role COLLATE "C", holder
