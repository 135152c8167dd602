-- The party with an organisation number: one that is not deleted, if there is one.
-- $1 organisation number, $2 as of.
SELECT entity, from_position, to_position
    , number
    , org_number
    , kind
    , variant
    , name
    , parent
    , is_deleted
    , deleted
FROM parties
WHERE org_number = $1 AND from_position <= $2 AND to_position > $2
ORDER BY is_deleted, from_position DESC
LIMIT 1
