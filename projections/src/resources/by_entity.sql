-- One resource. $1 entity, $2 as of.
SELECT entity, from_position, to_position
    , resource
    , owner
    , resource_type
    , is_delegable
    , metadata
    , registry_required_since
FROM resources
WHERE entity = $1 AND from_position <= $2 AND to_position > $2
