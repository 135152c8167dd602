-- All versions of all catalogues up to a position, without what they hold. $1 as of.
SELECT name
    , hash
    , to_position > $1 AS is_current
FROM catalogues
WHERE from_position <= $1
ORDER BY name, from_position
