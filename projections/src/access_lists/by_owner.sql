-- The lists of a service owner. $1 owner, $2 as of.
SELECT entity, from_position, to_position
    , owner
    , name
    , title
    , description
    , created
    , changed
FROM access_lists
WHERE owner = $1 AND from_position <= $2 AND to_position > $2
ORDER BY name COLLATE "C"
