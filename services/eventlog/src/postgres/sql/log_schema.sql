-- Creates the log. The statements are sent together and so are one transaction; the lock lets
-- processes that start at the same time take turns.
SELECT pg_advisory_xact_lock(7021795360182309889);

CREATE SCHEMA IF NOT EXISTS fullmakt_log;

CREATE TABLE IF NOT EXISTS fullmakt_log.records (
    position    bigint      PRIMARY KEY CHECK (position >= 0)
  , append_time timestamptz NOT NULL CHECK (append_time = date_trunc('milliseconds', append_time))
  , bytes       bytea       NOT NULL CHECK (octet_length(bytes) <= 921600)
);

-- One row: the position that the next record gets. Whoever appends locks it first, so positions
-- are assigned, committed and seen in the same order. `incarnation` tells this log from one that
-- is created in its place later; `is_complete` is false while it is filled from another.
CREATE TABLE IF NOT EXISTS fullmakt_log.log_end (
    is_only     boolean PRIMARY KEY DEFAULT true CHECK (is_only)
  , next        bigint  NOT NULL CHECK (next >= 0)
  , incarnation uuid    NOT NULL DEFAULT gen_random_uuid()
  , is_complete boolean NOT NULL DEFAULT true
) WITH (fillfactor = 10);

-- A log that was created before it had these.
ALTER TABLE fullmakt_log.log_end
        ADD COLUMN IF NOT EXISTS incarnation uuid NOT NULL DEFAULT gen_random_uuid(),
        ADD COLUMN IF NOT EXISTS is_complete boolean NOT NULL DEFAULT true;

INSERT INTO fullmakt_log.log_end (next) VALUES (0) ON CONFLICT (is_only) DO NOTHING;
