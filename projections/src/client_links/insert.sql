-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 system_user, $5
-- client, $6 access_packages, $7 rights, $8 valid_from, $9 valid_to.
INSERT INTO client_links (entity, from_position, to_position
    , system_user
    , client
    , access_packages
    , rights
    , valid_from
    , valid_to
)
SELECT entity, from_position, to_position
    , system_user
    , client
    , access_packages
    , rights
    , valid_from
    , valid_to
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::uuid[]
    , $5::uuid[]
    , $6::jsonb[]
    , $7::jsonb[]
    , $8::timestamptz[]
    , $9::timestamptz[]
) AS added (entity, from_position, to_position
    , system_user
    , client
    , access_packages
    , rights
    , valid_from
    , valid_to
)
