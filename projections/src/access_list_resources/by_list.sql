-- The resources that a list that is there is connected with. $1 list, $2 as of.
SELECT held.entity, held.from_position, held.to_position
    , held.list
    , held.resource
    , held.actions
    , held.created
    , held.changed
FROM access_list_resources AS held
JOIN access_lists ON access_lists.entity = held.list
    AND access_lists.from_position <= $2 AND access_lists.to_position > $2
WHERE held.list = $1 AND held.from_position <= $2 AND held.to_position > $2
ORDER BY held.resource COLLATE "C"
