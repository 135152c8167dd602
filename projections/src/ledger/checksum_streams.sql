-- Streams and checksum of ledger_streams as they were at a position. A stream that was written
-- later is counted as its events say. $1 the position.
SELECT COALESCE(SUM(rows), 0)::bigint AS rows
    , md5(COALESCE(string_agg(digest, '' ORDER BY bucket), '')) AS digest
FROM (
    SELECT written.position / 4096 AS bucket
        , count(*) AS rows
        , md5(string_agg(
            md5((stream_key, stream, written.version, written.position)::text), ''
            ORDER BY written.position, stream_key
        )) AS digest
    FROM ledger_streams AS streams
    CROSS JOIN LATERAL (
        SELECT streams.version, streams.position
        WHERE streams.position <= $1::bigint
        UNION ALL
        (
            SELECT event.version, event.position
            FROM ledger_events AS event
            WHERE event.stream_key = streams.stream_key
                AND streams.position > $1::bigint
                AND event.position <= $1::bigint
            ORDER BY event.version DESC
            LIMIT 1
        )
    ) AS written
    GROUP BY written.position / 4096
) AS buckets
