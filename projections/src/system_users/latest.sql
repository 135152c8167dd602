-- The system user, deleted or not, that changed last. $1 as of.
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
WHERE from_position <= $1 AND to_position > $1
ORDER BY changed_position DESC, changed_index DESC
LIMIT 1
