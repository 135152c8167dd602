-- The keys of system_users.
ALTER TABLE system_users ADD PRIMARY KEY (entity, from_position);
-- No index has the external reference: it may be longer than an index entry can be.
CREATE INDEX system_users_agreement ON system_users (system, owner, to_position);
CREATE INDEX system_users_owner ON system_users (owner_party, kind, to_position);
CREATE INDEX system_users_system ON system_users (system, created_position, created_index);
CREATE INDEX system_users_changes ON system_users (changed_position, changed_index);
