-- The system users of one system for one owner, deleted or not, with all versions up to a position.
-- $1 system, $2 as of, $3 owner.
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
WHERE system = $1 AND owner = $3 AND from_position <= $2
ORDER BY created_position, created_index, from_position
