-- Notes that a table has no keys and indexes yet. $1 its name.
INSERT INTO bulk_tables (name)
VALUES ($1)
