-- Some rows by their keys. $1 entities, $2 as of.
SELECT entity, from_position, to_position
    , scope
    , standing
    , holder
    , supplier
FROM token_scopes
WHERE entity = ANY($1::uuid[]) AND from_position <= $2 AND to_position > $2
ORDER BY scope COLLATE "C", standing COLLATE "C"
