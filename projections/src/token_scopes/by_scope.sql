-- All that organisations may do with one scope, its owner last. $1 key of the scope, $2 as of.
SELECT entity, from_position, to_position
    , scope
    , standing
    , holder
    , supplier
FROM token_scopes
WHERE scope_key = $1 AND from_position <= $2 AND to_position > $2
ORDER BY standing COLLATE "C", holder COLLATE "C", supplier COLLATE "C"
