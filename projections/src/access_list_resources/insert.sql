-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 list, $5 resource, $6
-- actions, $7 created, $8 changed.
INSERT INTO access_list_resources (entity, from_position, to_position
    , list
    , resource
    , actions
    , created
    , changed
)
SELECT entity, from_position, to_position
    , list
    , resource
    , actions
    , created
    , changed
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::uuid[]
    , $5::text[]
    , $6::jsonb[]
    , $7::timestamptz[]
    , $8::timestamptz[]
) AS added (entity, from_position, to_position
    , list
    , resource
    , actions
    , created
    , changed
)
