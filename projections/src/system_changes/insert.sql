-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 system, $5
-- change_type, $6 definition, $7 rights, $8 access_packages, $9 changed_by, $10 client_id, $11
-- created, $12 changed_position, $13 changed_index.
INSERT INTO system_changes (entity, from_position, to_position
    , system
    , change_type
    , definition
    , rights
    , access_packages
    , changed_by
    , client_id
    , created
    , changed_position
    , changed_index
)
SELECT entity, from_position, to_position
    , system
    , change_type
    , definition
    , rights
    , access_packages
    , changed_by
    , client_id
    , created
    , changed_position
    , changed_index
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::text[]
    , $5::text[]
    , $6::jsonb[]
    , $7::jsonb[]
    , $8::jsonb[]
    , $9::text[]
    , $10::text[]
    , $11::timestamptz[]
    , $12::bigint[]
    , $13::bigint[]
) AS added (entity, from_position, to_position
    , system
    , change_type
    , definition
    , rights
    , access_packages
    , changed_by
    , client_id
    , created
    , changed_position
    , changed_index
)
