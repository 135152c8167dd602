-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 scope, $5 standing,
-- $6 holder, $7 supplier, $8 key of the scope.
INSERT INTO token_scopes (entity, from_position, to_position
    , scope
    , standing
    , holder
    , supplier
    , scope_key
)
SELECT entity, from_position, to_position
    , scope
    , standing
    , holder
    , supplier
    , scope_key
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::text[]
    , $5::text[]
    , $6::text[]
    , $7::text[]
    , $8::uuid[]
) AS added (entity, from_position, to_position
    , scope
    , standing
    , holder
    , supplier
    , scope_key
)
