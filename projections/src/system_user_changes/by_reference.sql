-- The newest change request of the system user with an external reference.
-- $1 system, $2 as of, $3 customer, $4 external reference.
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
FROM system_user_changes
WHERE system = $1 AND customer = $3 AND external_ref = $4
    AND from_position <= $2 AND to_position > $2
ORDER BY created_position DESC, created_index DESC
LIMIT 1
