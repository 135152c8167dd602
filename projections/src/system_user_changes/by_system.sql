-- A page of the change requests of a system.
-- $1 system, $2 as of, $3 and $4 position and index that the page begins after, $5 rows.
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
WHERE system = $1
    AND (created_position, created_index) > ($3::bigint, $4::bigint)
    AND from_position <= $2 AND to_position > $2
ORDER BY created_position, created_index
LIMIT $5
