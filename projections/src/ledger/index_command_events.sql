-- The keys of ledger_command_events.
ALTER TABLE ledger_command_events ADD PRIMARY KEY (stream_key, position, index);
CREATE INDEX ledger_command_events_ledger_time ON ledger_command_events (ledger_time);
