-- The keys of token_clients.
ALTER TABLE token_clients ADD PRIMARY KEY (entity, from_position);
