-- The writes of command streams, in the order in which they are forgotten, as bytes.
COPY (
    SELECT stream_key, position, ledger_time
    FROM ledger_command_events
    ORDER BY position, index
) TO STDOUT (FORMAT binary)
