-- The systems that customers can find. $1 as of.
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
WHERE is_visible AND NOT is_deleted AND from_position <= $1 AND to_position > $1
ORDER BY system COLLATE "C"
