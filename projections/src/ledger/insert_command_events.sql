-- Adds events of command streams. $1 stream keys, $2 positions, $3 indexes in their commits,
-- $4 ledger times, $5 types, $6 schema versions, $7 data.
INSERT INTO ledger_command_events (
    stream_key, position, index, ledger_time, type, schema, data
)
SELECT stream_key, position, index, ledger_time, type, schema, data
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::text[], $6::integer[]
    , $7::text[]
) AS added (stream_key, position, index, ledger_time, type, schema, data)
