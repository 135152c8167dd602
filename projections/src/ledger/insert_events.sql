-- Adds events. $1 stream keys, $2 versions, $3 positions, $4 indexes in their commits,
-- $5 ledger times, $6 types, $7 schema versions, $8 data.
INSERT INTO ledger_events (
    stream_key, version, position, index, ledger_time, type, schema, data
)
SELECT stream_key, version, position, index, ledger_time, type, schema, data
FROM UNNEST($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::text[]
    , $7::integer[], $8::text[]
) AS added (stream_key, version, position, index, ledger_time, type, schema, data)
