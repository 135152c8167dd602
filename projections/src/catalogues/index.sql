-- The keys of catalogues.
ALTER TABLE catalogues ADD PRIMARY KEY (entity, from_position);
