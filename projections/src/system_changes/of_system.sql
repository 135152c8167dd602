-- All changes of a system, the newest first. $1 entity, $2 as of.
-- A change that was followed by another one is part of the log all the same.
SELECT entity, from_position, to_position
    , system
    , change_type
    , definition
    , rights
    , access_packages
    , changed_by
    , client_id
    , created
    , changed_position
    , changed_index
FROM system_changes
WHERE entity = $1 AND from_position <= $2
ORDER BY from_position DESC
