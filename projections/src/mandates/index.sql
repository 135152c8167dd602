-- The keys of mandates.
ALTER TABLE mandates ADD PRIMARY KEY (entity, from_position);
CREATE INDEX mandates_from ON mandates (from_party, to_position);
CREATE INDEX mandates_to ON mandates (to_party, to_position);
