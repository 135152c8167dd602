-- Where each stream was written last, as bytes.
COPY (SELECT stream_key, position FROM ledger_streams) TO STDOUT (FORMAT binary)
