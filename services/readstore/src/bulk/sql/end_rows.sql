-- Ends the rows of {table} that were written while they still held.
UPDATE {table} AS held
SET to_position = ended.to_position
FROM bulk_ended AS ended
WHERE ended.table_name = '{table}'
    AND held.entity = ended.entity
    AND held.from_position = ended.from_position
