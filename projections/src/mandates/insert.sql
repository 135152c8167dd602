-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 from_party, $5
-- to_party, $6 access_package, $7 single_right, $8 valid_from, $9 valid_to.
INSERT INTO mandates (entity, from_position, to_position
    , from_party
    , to_party
    , access_package
    , single_right
    , valid_from
    , valid_to
)
SELECT entity, from_position, to_position
    , from_party
    , to_party
    , access_package
    , single_right
    , valid_from
    , valid_to
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::uuid[]
    , $5::uuid[]
    , $6::text[]
    , $7::jsonb[]
    , $8::timestamptz[]
    , $9::timestamptz[]
) AS added (entity, from_position, to_position
    , from_party
    , to_party
    , access_package
    , single_right
    , valid_from
    , valid_to
)
