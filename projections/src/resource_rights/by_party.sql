-- The rights of a party. $1 party, $2 as of.
SELECT entity, from_position, to_position
    , resource
    , party
    , performed_by
    , rights_type
    , rights_value
    , valid_from
    , valid_to
FROM resource_rights
WHERE party = $1 AND from_position <= $2 AND to_position > $2
ORDER BY resource COLLATE "C", entity
