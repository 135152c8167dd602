-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 client_id, $5 system.
INSERT INTO system_client_ids (entity, from_position, to_position
    , client_id
    , system
)
SELECT entity, from_position, to_position
    , client_id
    , system
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::text[]
    , $5::text[]
) AS added (entity, from_position, to_position
    , client_id
    , system
)
