-- The memberships of a party in lists that are there. $1 member, $2 as of.
SELECT held.entity, held.from_position, held.to_position
    , held.list
    , held.member
    , held.added
FROM access_list_members AS held
JOIN access_lists ON access_lists.entity = held.list
    AND access_lists.from_position <= $2 AND access_lists.to_position > $2
WHERE held.member = $1 AND held.from_position <= $2 AND held.to_position > $2
ORDER BY held.list
