-- The keys of resources.
ALTER TABLE resources ADD PRIMARY KEY (entity, from_position);
CREATE INDEX resources_resource ON resources (resource COLLATE "C", to_position);
