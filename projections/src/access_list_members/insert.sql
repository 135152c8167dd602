-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 list, $5 member, $6
-- added.
INSERT INTO access_list_members (entity, from_position, to_position
    , list
    , member
    , added
)
SELECT entity, from_position, to_position
    , list
    , member
    , added
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::uuid[]
    , $5::uuid[]
    , $6::timestamptz[]
) AS added (entity, from_position, to_position
    , list
    , member
    , added
)
