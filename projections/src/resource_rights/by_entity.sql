-- One right. $1 entity, $2 as of.
SELECT entity, from_position, to_position
    , resource
    , party
    , performed_by
    , rights_type
    , rights_value
    , valid_from
    , valid_to
FROM resource_rights
WHERE entity = $1 AND from_position <= $2 AND to_position > $2
