-- One system, deleted or not. $1 entity, $2 as of.
SELECT entity, from_position, to_position
    , system
    , internal_id
    , vendor
    , is_visible
    , is_deleted
    , created
    , version
    , definition
FROM systems
WHERE entity = $1 AND from_position <= $2 AND to_position > $2
