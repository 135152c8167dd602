-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 from_party, $5
-- to_party, $6 access_packages, $7 rights, $8 valid_from, $9 valid_to, $10 status, $11 asked_by, $12
-- asked, $13 answered_by, $14 answered.
INSERT INTO mandate_asks (entity, from_position, to_position
    , from_party
    , to_party
    , access_packages
    , rights
    , valid_from
    , valid_to
    , status
    , asked_by
    , asked
    , answered_by
    , answered
)
SELECT entity, from_position, to_position
    , from_party
    , to_party
    , access_packages
    , rights
    , valid_from
    , valid_to
    , status
    , asked_by
    , asked
    , answered_by
    , answered
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::uuid[]
    , $5::uuid[]
    , $6::jsonb[]
    , $7::jsonb[]
    , $8::timestamptz[]
    , $9::timestamptz[]
    , $10::text[]
    , $11::uuid[]
    , $12::timestamptz[]
    , $13::uuid[]
    , $14::timestamptz[]
) AS added (entity, from_position, to_position
    , from_party
    , to_party
    , access_packages
    , rights
    , valid_from
    , valid_to
    , status
    , asked_by
    , asked
    , answered_by
    , answered
)
