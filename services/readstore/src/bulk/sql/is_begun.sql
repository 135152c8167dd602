-- Whether the tables of this schema are filled without keys and indexes.
SELECT to_regclass('bulk_tables') IS NOT NULL AS found
