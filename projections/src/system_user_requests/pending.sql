-- The requests that wait for a customer. $1 customer, $2 as of, $3 kind.
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
FROM system_user_requests
WHERE customer = $1 AND kind = $3 AND status = 'new'
    AND from_position <= $2 AND to_position > $2
ORDER BY created_position, created_index
