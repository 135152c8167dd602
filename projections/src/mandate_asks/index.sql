-- The keys of mandate_asks.
ALTER TABLE mandate_asks ADD PRIMARY KEY (entity, from_position);
CREATE INDEX mandate_asks_from ON mandate_asks (from_party, to_position);
CREATE INDEX mandate_asks_to ON mandate_asks (to_party, to_position);
