-- Drops what a schema has beside its tables while these are filled.
DROP TABLE bulk_tables, bulk_ended, bulk_written
