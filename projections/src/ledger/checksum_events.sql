-- Events and checksum of ledger_events up to a position. $1 the position.
SELECT COALESCE(SUM(rows), 0)::bigint AS rows
    , md5(COALESCE(string_agg(digest, '' ORDER BY bucket), '')) AS digest
FROM (
    SELECT position / 4096 AS bucket
        , count(*) AS rows
        , md5(string_agg(md5(event::text), '' ORDER BY position, index)) AS digest
    FROM ledger_events AS event
    WHERE position <= $1::bigint
    GROUP BY position / 4096
) AS buckets
