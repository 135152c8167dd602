-- A page of the system users of a system.
-- $1 system, $2 as of, $3 and $4 position and index that the page begins after, $5 rows.
SELECT entity, from_position, to_position
    , kind
    , system
    , vendor
    , owner
    , owner_party
    , external_ref
    , integration_title
    , rights
    , delegated
    , access_packages
    , is_paused
    , is_deleted
    , created
    , changed
    , created_position
    , created_index
    , changed_position
    , changed_index
FROM system_users
WHERE system = $1 AND NOT is_deleted
    AND (created_position, created_index) > ($3::bigint, $4::bigint)
    AND from_position <= $2 AND to_position > $2
ORDER BY created_position, created_index
LIMIT $5
