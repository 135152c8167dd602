-- The keys of system_client_ids.
ALTER TABLE system_client_ids ADD PRIMARY KEY (entity, from_position);
