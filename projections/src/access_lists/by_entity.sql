-- One list. $1 entity, $2 as of.
SELECT entity, from_position, to_position
    , owner
    , name
    , title
    , description
    , created
    , changed
FROM access_lists
WHERE entity = $1 AND from_position <= $2 AND to_position > $2
