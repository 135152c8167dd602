-- A policy of a resource by its hash, whether it still counts or not.
-- $1 entity of the resource, $2 as of, $3 hash.
SELECT entity, from_position, to_position
    , resource
    , hash
    , xml
FROM resource_policies
WHERE entity = $1 AND from_position <= $2 AND hash = $3
ORDER BY from_position DESC
LIMIT 1
