-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 system, $5
-- internal_id, $6 vendor, $7 is_visible, $8 is_deleted, $9 created, $10 version, $11
-- definition.
INSERT INTO systems (entity, from_position, to_position
    , system
    , internal_id
    , vendor
    , is_visible
    , is_deleted
    , created
    , version
    , definition
)
SELECT entity, from_position, to_position
    , system
    , internal_id
    , vendor
    , is_visible
    , is_deleted
    , created
    , version
    , definition
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::text[]
    , $5::uuid[]
    , $6::text[]
    , $7::boolean[]
    , $8::boolean[]
    , $9::timestamptz[]
    , $10::bigint[]
    , $11::jsonb[]
) AS added (entity, from_position, to_position
    , system
    , internal_id
    , vendor
    , is_visible
    , is_deleted
    , created
    , version
    , definition
)
