-- The keys of system_user_changes.
ALTER TABLE system_user_changes ADD PRIMARY KEY (entity, from_position);
-- No index has the external reference: it may be longer than an index entry can be.
CREATE INDEX system_user_changes_agreement
    ON system_user_changes (system, customer, to_position);
CREATE INDEX system_user_changes_system
    ON system_user_changes (system, created_position, created_index);
CREATE INDEX system_user_changes_pending
    ON system_user_changes (customer, to_position) WHERE status = 'new';
