-- Where each stream was written last.
SELECT stream_key
    , stream
    , position
FROM {schema}.ledger_streams
