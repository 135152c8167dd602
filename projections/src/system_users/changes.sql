-- A page of the feed: every system user, deleted or not, at its last change.
-- $1 and $3 position and index that the page begins after, $2 as of, $4 rows.
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
WHERE (changed_position, changed_index) > ($1::bigint, $3::bigint)
    AND from_position <= $2 AND to_position > $2
ORDER BY changed_position, changed_index
LIMIT $4
