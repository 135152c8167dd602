-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 name, $5 hash,
-- $6 content.
INSERT INTO catalogues (entity, from_position, to_position
    , name
    , hash
    , content
)
SELECT entity, from_position, to_position
    , name
    , hash
    , content
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::text[]
    , $5::text[]
    , $6::jsonb[]
) AS added (entity, from_position, to_position
    , name
    , hash
    , content
)
