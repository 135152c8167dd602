-- One request. $1 entity, $2 as of.
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
WHERE entity = $1 AND from_position <= $2 AND to_position > $2
