-- The keys of system_changes.
ALTER TABLE system_changes ADD PRIMARY KEY (entity, from_position);
