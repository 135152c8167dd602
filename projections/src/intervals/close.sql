-- Ends rows of {table}. $1 entities, $2 the positions that end them. Rows that begin there follow
-- them, and may have been added before. Found by their key, as in `load`.
UPDATE {table} AS held
SET to_position = ended.position
FROM UNNEST($1::uuid[], $2::bigint[]) AS ended (entity, position)
WHERE held.entity = ended.entity
    AND (held.to_position = 9223372036854775807) IS TRUE
    AND held.from_position < ended.position
