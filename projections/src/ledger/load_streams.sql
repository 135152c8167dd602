-- The checkpoint, and all events of some streams up to it, in one snapshot: at least one row, with
-- nulls where there are no events. $1 stream keys, $2 microseconds that commands are remembered.
SELECT checkpoint.position AS checkpoint_position
    , checkpoint.ledger
    , checkpoint.ledger_time AS checkpoint_ledger_time
    , checkpoint.hash
    , event.stream_key
    , event.version
    , event.position
    , event.index
    , event.ledger_time
    , event.type
    , event.schema
    , event.data
FROM checkpoint
LEFT JOIN LATERAL (
    SELECT stream_key, version, position, index, ledger_time, type, schema, data
    FROM ledger_events
    WHERE stream_key = ANY($1::uuid[])
    UNION ALL
    SELECT stream_key
        , row_number() OVER (PARTITION BY stream_key ORDER BY position, index) AS version
        , position
        , index
        , ledger_time
        , type
        , schema
        , data
    FROM ledger_command_events
    WHERE stream_key = ANY($1::uuid[])
        AND ledger_time >= checkpoint.ledger_time - $2::bigint * INTERVAL '1 microsecond'
) AS event ON true
ORDER BY event.position, event.index
