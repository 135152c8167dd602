-- Drops a database of tests, whoever is connected.
DROP DATABASE IF EXISTS {name} WITH (FORCE)
