-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 client_id, $5
-- owner, $6 scopes, $7 keys.
INSERT INTO token_clients (entity, from_position, to_position
    , client_id
    , owner
    , scopes
    , keys
)
SELECT entity, from_position, to_position
    , client_id
    , owner
    , scopes
    , keys
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::text[]
    , $5::text[]
    , $6::jsonb[]
    , $7::jsonb[]
) AS added (entity, from_position, to_position
    , client_id
    , owner
    , scopes
    , keys
)
