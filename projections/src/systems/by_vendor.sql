-- The systems of a vendor that are not deleted. $1 vendor, $2 as of.
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
WHERE vendor = $1 AND NOT is_deleted AND from_position <= $2 AND to_position > $2
ORDER BY system COLLATE "C"
