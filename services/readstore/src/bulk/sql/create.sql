-- What a schema has beside its tables while these are filled without keys and indexes.
-- bulk_tables: the tables that have none yet.
CREATE TABLE bulk_tables (name text PRIMARY KEY);

-- Rows that were written while they still held, and that ended later.
CREATE TABLE bulk_ended (
    table_name text NOT NULL
    , entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
);

-- Streams that were written again after their row had been.
CREATE TABLE bulk_written (
    stream_key uuid NOT NULL
    , version bigint NOT NULL
    , position bigint NOT NULL
);
