-- The keys of client_links.
ALTER TABLE client_links ADD PRIMARY KEY (entity, from_position);
CREATE INDEX client_links_system_user ON client_links (system_user, to_position);
CREATE INDEX client_links_client ON client_links (client, to_position);
