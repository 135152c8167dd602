-- The keys of party_roles.
ALTER TABLE party_roles ADD PRIMARY KEY (entity, from_position);
CREATE INDEX party_roles_party ON party_roles (party, to_position);
CREATE INDEX party_roles_holder ON party_roles (holder, to_position);
