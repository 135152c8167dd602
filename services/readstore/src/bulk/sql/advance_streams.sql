-- Moves streams to where they were written last.
UPDATE ledger_streams AS stream
SET version = written.version
    , position = written.position
FROM (
    SELECT stream_key, max(version) AS version, max(position) AS position
    FROM bulk_written
    GROUP BY stream_key
) AS written
WHERE stream.stream_key = written.stream_key
