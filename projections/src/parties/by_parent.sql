-- The sub-units of a unit that are not deleted. $1 parent, $2 as of.
SELECT entity, from_position, to_position
    , number
    , org_number
    , kind
    , variant
    , name
    , parent
    , is_deleted
    , deleted
FROM parties
WHERE parent = $1 AND kind = 'sub_unit' AND NOT is_deleted AND from_position <= $2 AND to_position > $2
ORDER BY org_number, entity
