-- The keys of parties.
ALTER TABLE parties ADD PRIMARY KEY (entity, from_position);
CREATE INDEX parties_number ON parties (number, to_position);
CREATE INDEX parties_org_number ON parties (org_number, to_position) WHERE org_number IS NOT NULL;
CREATE INDEX parties_parent ON parties (parent, to_position) WHERE parent IS NOT NULL;
