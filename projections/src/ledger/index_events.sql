-- The keys of ledger_events.
ALTER TABLE ledger_events ADD PRIMARY KEY (stream_key, version);
