-- Notes that a table has its keys and indexes. $1 its name.
DELETE FROM bulk_tables
WHERE name = $1
