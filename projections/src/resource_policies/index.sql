-- The keys of resource_policies.
ALTER TABLE resource_policies ADD PRIMARY KEY (entity, from_position);
