-- The streams with their versions.
SELECT stream_key
    , max(version) AS version
FROM (
    SELECT stream_key, version FROM ledger_streams
    UNION ALL
    SELECT stream_key, version FROM bulk_written
) AS written
GROUP BY stream_key
