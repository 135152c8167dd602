-- The rows of these entities that still hold. $1 entities. Found by their key, not by the end of
-- an index that has to_position: most rows have that one.
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
WHERE entity = ANY($1::uuid[]) AND (to_position = 9223372036854775807) IS TRUE
