-- The tables that have no keys and indexes yet.
SELECT name
FROM bulk_tables
