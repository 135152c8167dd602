-- Adds rows. $1 entities, $2 first positions, $3 positions that ended them, $4 system_user, $5
-- system, $6 vendor, $7 customer, $8 customer_party, $9 external_ref, $10 required_rights, $11
-- unwanted_rights, $12 required_access_packages, $13 unwanted_access_packages, $14
-- redirect_url, $15 status, $16 created, $17 created_position, $18 created_index.
INSERT INTO system_user_changes (entity, from_position, to_position
    , system_user
    , system
    , vendor
    , customer
    , customer_party
    , external_ref
    , required_rights
    , unwanted_rights
    , required_access_packages
    , unwanted_access_packages
    , redirect_url
    , status
    , created
    , created_position
    , created_index
)
SELECT entity, from_position, to_position
    , system_user
    , system
    , vendor
    , customer
    , customer_party
    , external_ref
    , required_rights
    , unwanted_rights
    , required_access_packages
    , unwanted_access_packages
    , redirect_url
    , status
    , created
    , created_position
    , created_index
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[]
    , $4::uuid[]
    , $5::text[]
    , $6::text[]
    , $7::text[]
    , $8::uuid[]
    , $9::text[]
    , $10::jsonb[]
    , $11::jsonb[]
    , $12::jsonb[]
    , $13::jsonb[]
    , $14::text[]
    , $15::text[]
    , $16::timestamptz[]
    , $17::bigint[]
    , $18::bigint[]
) AS added (entity, from_position, to_position
    , system_user
    , system
    , vendor
    , customer
    , customer_party
    , external_ref
    , required_rights
    , unwanted_rights
    , required_access_packages
    , unwanted_access_packages
    , redirect_url
    , status
    , created
    , created_position
    , created_index
)
