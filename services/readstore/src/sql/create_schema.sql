-- Creates a schema, and puts what the transaction creates next into it.
CREATE SCHEMA {schema};
SET LOCAL search_path = {schema};
