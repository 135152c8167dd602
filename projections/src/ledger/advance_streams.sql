-- Counts new events of streams, and says which version each stream has then. A stream is named
-- once. $1 stream keys, $2 names, $3 numbers of new events, $4 positions of the last ones.
INSERT INTO ledger_streams (stream_key, stream, version, position)
SELECT stream_key, stream, events, position
FROM UNNEST($1::uuid[], $2::text[], $3::bigint[], $4::bigint[])
    AS written (stream_key, stream, events, position)
ON CONFLICT (stream_key) DO UPDATE
SET version = ledger_streams.version + excluded.version
    , position = excluded.position
RETURNING stream_key, version
