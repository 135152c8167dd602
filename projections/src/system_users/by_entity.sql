-- One system user, deleted or not. $1 entity, $2 as of.
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
WHERE entity = $1 AND from_position <= $2 AND to_position > $2
