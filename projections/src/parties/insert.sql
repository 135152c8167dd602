-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 number, $5
-- org_number, $6 kind, $7 variant, $8 name, $9 parent, $10 is_deleted, $11 deleted.
INSERT INTO parties (entity, from_position, to_position
    , number
    , org_number
    , kind
    , variant
    , name
    , parent
    , is_deleted
    , deleted
)
SELECT entity, from_position, to_position
    , number
    , org_number
    , kind
    , variant
    , name
    , parent
    , is_deleted
    , deleted
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::bigint[]
    , $5::text[]
    , $6::text[]
    , $7::text[]
    , $8::text[]
    , $9::uuid[]
    , $10::boolean[]
    , $11::timestamptz[]
) AS added (entity, from_position, to_position
    , number
    , org_number
    , kind
    , variant
    , name
    , parent
    , is_deleted
    , deleted
)
