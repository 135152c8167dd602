-- The keys of access_lists.
ALTER TABLE access_lists ADD PRIMARY KEY (entity, from_position);
CREATE INDEX access_lists_owner ON access_lists (owner, name COLLATE "C", to_position);
