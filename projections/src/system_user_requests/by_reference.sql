-- The request with an external reference; the newest, should there be several.
-- $1 system, $2 as of, $3 customer, $4 external reference, $5 kind or null.
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
WHERE system = $1 AND customer = $3 AND external_ref = $4
    AND ($5::text IS NULL OR kind = $5)
    AND from_position <= $2 AND to_position > $2
ORDER BY created_position DESC, created_index DESC
LIMIT 1
