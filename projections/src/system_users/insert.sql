-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 kind, $5 system,
-- $6 vendor, $7 owner, $8 owner_party, $9 external_ref, $10 integration_title, $11 rights, $12
-- delegated, $13 access_packages, $14 is_paused, $15 is_deleted, $16 created, $17 changed, $18
-- created_position, $19 created_index, $20 changed_position, $21 changed_index.
INSERT INTO system_users (entity, from_position, to_position
    , kind
    , system
    , vendor
    , owner
    , owner_party
    , external_ref
    , integration_title
    , rights
    , delegated
    , access_packages
    , is_paused
    , is_deleted
    , created
    , changed
    , created_position
    , created_index
    , changed_position
    , changed_index
)
SELECT entity, from_position, to_position
    , kind
    , system
    , vendor
    , owner
    , owner_party
    , external_ref
    , integration_title
    , rights
    , delegated
    , access_packages
    , is_paused
    , is_deleted
    , created
    , changed
    , created_position
    , created_index
    , changed_position
    , changed_index
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::text[]
    , $5::text[]
    , $6::text[]
    , $7::text[]
    , $8::uuid[]
    , $9::text[]
    , $10::text[]
    , $11::jsonb[]
    , $12::jsonb[]
    , $13::jsonb[]
    , $14::boolean[]
    , $15::boolean[]
    , $16::timestamptz[]
    , $17::timestamptz[]
    , $18::bigint[]
    , $19::bigint[]
    , $20::bigint[]
    , $21::bigint[]
) AS added (entity, from_position, to_position
    , kind
    , system
    , vendor
    , owner
    , owner_party
    , external_ref
    , integration_title
    , rights
    , delegated
    , access_packages
    , is_paused
    , is_deleted
    , created
    , changed
    , created_position
    , created_index
    , changed_position
    , changed_index
)
