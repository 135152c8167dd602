-- The checkpoint of a schema without anything folded. $1 the schema's shape.
INSERT INTO checkpoint (shape, position)
VALUES ($1, -1)
