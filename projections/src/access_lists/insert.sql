-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 owner, $5 name, $6
-- title, $7 description, $8 created, $9 changed.
INSERT INTO access_lists (entity, from_position, to_position
    , owner
    , name
    , title
    , description
    , created
    , changed
)
SELECT entity, from_position, to_position
    , owner
    , name
    , title
    , description
    , created
    , changed
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::text[]
    , $5::text[]
    , $6::text[]
    , $7::text[]
    , $8::timestamptz[]
    , $9::timestamptz[]
) AS added (entity, from_position, to_position
    , owner
    , name
    , title
    , description
    , created
    , changed
)
