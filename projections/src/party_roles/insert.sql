-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 party, $5 role,
-- $6 holder.
INSERT INTO party_roles (entity, from_position, to_position
    , party
    , role
    , holder
)
SELECT entity, from_position, to_position
    , party
    , role
    , holder
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::uuid[]
    , $5::text[]
    , $6::uuid[]
) AS added (entity, from_position, to_position
    , party
    , role
    , holder
)
