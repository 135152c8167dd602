-- The rows of these entities that still hold. $1 entities. Found by their key, not by the end of
-- an index that has to_position: most rows have that one.
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
WHERE entity = ANY($1::uuid[]) AND (to_position = 9223372036854775807) IS TRUE
