-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 client_id,
-- $5 system, $6 entity of the system.
INSERT INTO system_client_ids (entity, from_position, to_position
    , client_id
    , system
    , system_entity
)
SELECT entity, from_position, to_position
    , client_id
    , system
    , system_entity
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::text[]
    , $5::text[]
    , $6::uuid[]
) AS added (entity, from_position, to_position
    , client_id
    , system
    , system_entity
)
