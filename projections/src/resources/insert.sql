-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 resource, $5
-- owner, $6 resource_type, $7 is_delegable, $8 metadata, $9 registry_required_since.
INSERT INTO resources (entity, from_position, to_position
    , resource
    , owner
    , resource_type
    , is_delegable
    , metadata
    , registry_required_since
)
SELECT entity, from_position, to_position
    , resource
    , owner
    , resource_type
    , is_delegable
    , metadata
    , registry_required_since
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::text[]
    , $5::text[]
    , $6::text[]
    , $7::boolean[]
    , $8::jsonb[]
    , $9::bigint[]
) AS added (entity, from_position, to_position
    , resource
    , owner
    , resource_type
    , is_delegable
    , metadata
    , registry_required_since
)
