-- The rights to a resource. $1 resource, $2 as of.
SELECT entity, from_position, to_position
    , resource
    , party
    , performed_by
    , rights_type
    , rights_value
    , valid_from
    , valid_to
FROM resource_rights
WHERE resource = $1 AND from_position <= $2 AND to_position > $2
ORDER BY party, entity
