-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 resource, $5
-- hash, $6 xml.
INSERT INTO resource_policies (entity, from_position, to_position
    , resource
    , hash
    , xml
)
SELECT entity, from_position, to_position
    , resource
    , hash
    , xml
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::text[]
    , $5::text[]
    , $6::text[]
) AS added (entity, from_position, to_position
    , resource
    , hash
    , xml
)
