-- One catalogue. $1 entity, $2 as of.
SELECT entity, from_position, to_position
    , name
    , hash
    , content
FROM catalogues
WHERE entity = $1 AND from_position <= $2 AND to_position > $2
