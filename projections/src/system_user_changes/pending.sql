-- The change requests that wait for a customer. $1 customer, $2 as of.
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
WHERE customer = $1 AND status = 'new'
    AND from_position <= $2 AND to_position > $2
ORDER BY created_position, created_index
