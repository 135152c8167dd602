-- The partitions of the index, by name.
SELECT part.relname AS name
FROM pg_inherits
INNER JOIN pg_class AS part ON part.oid = pg_inherits.inhrelid
WHERE pg_inherits.inhparent = 'fullmakt.decisions'::regclass
ORDER BY part.relname
