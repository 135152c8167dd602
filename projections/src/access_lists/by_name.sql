-- The list of a service owner that has a name. $1 owner, $2 as of, $3 name.
SELECT entity, from_position, to_position
    , owner
    , name
    , title
    , description
    , created
    , changed
FROM access_lists
WHERE owner = $1 AND name = $3 AND from_position <= $2 AND to_position > $2
