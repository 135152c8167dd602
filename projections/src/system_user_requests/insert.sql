-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 kind, $5 system,
-- $6 vendor, $7 customer, $8 customer_party, $9 external_ref, $10 integration_title, $11
-- rights, $12 access_packages, $13 redirect_url, $14 status, $15 is_escalated, $16 created, $17
-- created_position, $18 created_index.
INSERT INTO system_user_requests (entity, from_position, to_position
    , kind
    , system
    , vendor
    , customer
    , customer_party
    , external_ref
    , integration_title
    , rights
    , access_packages
    , redirect_url
    , status
    , is_escalated
    , created
    , created_position
    , created_index
)
SELECT entity, from_position, to_position
    , kind
    , system
    , vendor
    , customer
    , customer_party
    , external_ref
    , integration_title
    , rights
    , access_packages
    , redirect_url
    , status
    , is_escalated
    , created
    , created_position
    , created_index
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::text[]
    , $5::text[]
    , $6::text[]
    , $7::text[]
    , $8::uuid[]
    , $9::text[]
    , $10::text[]
    , $11::jsonb[]
    , $12::jsonb[]
    , $13::text[]
    , $14::text[]
    , $15::boolean[]
    , $16::timestamptz[]
    , $17::bigint[]
    , $18::bigint[]
) AS added (entity, from_position, to_position
    , kind
    , system
    , vendor
    , customer
    , customer_party
    , external_ref
    , integration_title
    , rights
    , access_packages
    , redirect_url
    , status
    , is_escalated
    , created
    , created_position
    , created_index
)
