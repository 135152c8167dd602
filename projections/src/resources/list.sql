-- A page of all resources. $1 id that the page begins after, $2 as of, $3 rows.
SELECT entity, from_position, to_position
    , resource
    , owner
    , resource_type
    , is_delegable
    , metadata
    , registry_required_since
FROM resources
WHERE resource COLLATE "C" > $1 AND from_position <= $2 AND to_position > $2
ORDER BY resource COLLATE "C"
LIMIT $3
