-- The keys of ledger_records.
ALTER TABLE ledger_records ADD PRIMARY KEY (position);
CREATE INDEX ledger_records_ledger_time ON ledger_records (ledger_time, position);
CREATE INDEX ledger_records_commit_id ON ledger_records (commit_id) WHERE commit_id IS NOT NULL;
CREATE INDEX ledger_records_actor_org
    ON ledger_records (actor_org, position) WHERE actor_org IS NOT NULL;
CREATE INDEX ledger_records_actor_party
    ON ledger_records (actor_party, position) WHERE actor_party IS NOT NULL;
CREATE INDEX ledger_records_actor_client
    ON ledger_records (actor_client, position) WHERE actor_client IS NOT NULL;
CREATE INDEX ledger_records_not_admitted
    ON ledger_records (verdict, position) WHERE verdict <> 'admitted';
CREATE INDEX ledger_records_event_types ON ledger_records USING gin (event_types);
CREATE INDEX ledger_records_stream_keys ON ledger_records USING gin (stream_keys);
