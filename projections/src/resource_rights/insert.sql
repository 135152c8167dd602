-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 resource, $5 party,
-- $6 performed_by, $7 rights_type, $8 rights_value, $9 valid_from, $10 valid_to.
INSERT INTO resource_rights (entity, from_position, to_position
    , resource
    , party
    , performed_by
    , rights_type
    , rights_value
    , valid_from
    , valid_to
)
SELECT entity, from_position, to_position
    , resource
    , party
    , performed_by
    , rights_type
    , rights_value
    , valid_from
    , valid_to
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::text[]
    , $5::uuid[]
    , $6::uuid[]
    , $7::text[]
    , $8::text[]
    , $9::timestamptz[]
    , $10::timestamptz[]
) AS added (entity, from_position, to_position
    , resource
    , party
    , performed_by
    , rights_type
    , rights_value
    , valid_from
    , valid_to
)
