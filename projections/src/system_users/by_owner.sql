-- The system users of an owner. $1 owner's party, $2 as of, $3 kind.
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
WHERE owner_party = $1 AND kind = $3 AND NOT is_deleted
    AND from_position <= $2 AND to_position > $2
ORDER BY created_position, created_index
