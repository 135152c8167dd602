-- The keys of systems.
ALTER TABLE systems ADD PRIMARY KEY (entity, from_position);
CREATE INDEX systems_vendor ON systems (vendor, to_position);
CREATE INDEX systems_visible ON systems (to_position) WHERE is_visible AND NOT is_deleted;
