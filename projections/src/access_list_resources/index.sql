-- The keys of access_list_resources.
ALTER TABLE access_list_resources ADD PRIMARY KEY (entity, from_position);
CREATE INDEX access_list_resources_list ON access_list_resources (list, to_position);
CREATE INDEX access_list_resources_resource ON access_list_resources (resource, to_position);
