-- How far the ledger has been folded into the tables of this schema. There is one row.
-- The page is kept mostly empty, since the row is written with every batch.
-- shape: the SHA-256 of all statements that made the schema, by which a release knows it.
CREATE TABLE checkpoint (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row)
    , shape bytea NOT NULL
    , position bigint NOT NULL CHECK (position >= -1)
    , ledger uuid
    , ledger_time timestamptz
    , hash bytea CHECK (octet_length(hash) = 32)
    , CHECK (
        (position = -1 AND ledger IS NULL AND ledger_time IS NULL AND hash IS NULL)
        OR (position >= 0 AND ledger IS NOT NULL AND ledger_time IS NOT NULL AND hash IS NOT NULL)
    )
) WITH (fillfactor = 10);
