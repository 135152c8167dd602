-- The policy of a resource. $1 entity of the resource, $2 as of.
SELECT entity, from_position, to_position
    , resource
    , hash
    , xml
FROM resource_policies
WHERE entity = $1 AND from_position <= $2 AND to_position > $2
