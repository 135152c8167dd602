-- The keys of resource_rights.
ALTER TABLE resource_rights ADD PRIMARY KEY (entity, from_position);
CREATE INDEX resource_rights_resource ON resource_rights (resource, party, to_position);
CREATE INDEX resource_rights_party ON resource_rights (party, to_position);
