-- A page of the requests of a system.
-- $1 system, $2 as of, $3 kind, $4 and $5 position and index that the page begins after, $6 rows.
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
WHERE system = $1 AND kind = $3
    AND (created_position, created_index) > ($4::bigint, $5::bigint)
    AND from_position <= $2 AND to_position > $2
ORDER BY created_position, created_index
LIMIT $6
