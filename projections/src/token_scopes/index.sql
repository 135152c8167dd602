-- The keys of token_scopes.
ALTER TABLE token_scopes ADD PRIMARY KEY (entity, from_position);
CREATE INDEX token_scopes_scope ON token_scopes (scope_key, to_position);
