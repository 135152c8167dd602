-- The ledger index: every record of the ledger, and the events that count, by stream.
-- stream_key: the first 128 bits of the SHA-256 of the stream's name.
-- stream_keys: streams by which a record is found that is not found in ledger_events.
CREATE TABLE ledger_records (
    position bigint NOT NULL
    , append_time timestamptz NOT NULL
    , ledger_time timestamptz NOT NULL
    , kind text NOT NULL CHECK (kind IN ('genesis', 'tick', 'commit', 'unreadable'))
    , verdict text NOT NULL CHECK (verdict IN ('admitted', 'superseded', 'stale', 'void'))
    , reason text
    , commit_id uuid
    , as_of bigint
    , actor_kind text
    , actor_org text
    , actor_party uuid
    , actor_system_user uuid
    , actor_client text
    , event_types text[] NOT NULL
    , stream_keys uuid[] NOT NULL
    , bytes bytea NOT NULL
    , CHECK ((kind = 'commit') = (as_of IS NOT NULL AND actor_kind IS NOT NULL))
);

CREATE TABLE ledger_streams (
    stream_key uuid NOT NULL
    , stream text NOT NULL
    , version bigint NOT NULL CHECK (version > 0)
    , position bigint NOT NULL
);

CREATE TABLE ledger_events (
    stream_key uuid NOT NULL
    , version bigint NOT NULL
    , position bigint NOT NULL
    , index bigint NOT NULL
    , ledger_time timestamptz NOT NULL
    , type text NOT NULL
    , schema integer NOT NULL
    , data text NOT NULL
);

-- The streams of idempotency keys, which are forgotten after a day, and so have no versions.
CREATE TABLE ledger_command_events (
    stream_key uuid NOT NULL
    , position bigint NOT NULL
    , index bigint NOT NULL
    , ledger_time timestamptz NOT NULL
    , type text NOT NULL
    , schema integer NOT NULL
    , data text NOT NULL
);
