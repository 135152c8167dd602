-- The rows of these entities that still hold. $1 entities. Found by their key, not by the end of
-- an index that has to_position: most rows have that one.
SELECT entity, from_position, to_position
    , resource
    , party
    , performed_by
    , rights_type
    , rights_value
    , valid_from
    , valid_to
FROM resource_rights
WHERE entity = ANY($1::uuid[]) AND (to_position = 9223372036854775807) IS TRUE
