-- The keys of ledger_streams.
ALTER TABLE ledger_streams ADD PRIMARY KEY (stream_key);
