-- The rows of {table} that still hold.
SELECT *
FROM {table} AS held
WHERE to_position = 9223372036854775807
    AND NOT EXISTS (
        SELECT
        FROM bulk_ended AS ended
        WHERE ended.table_name = '{table}'
            AND ended.entity = held.entity
            AND ended.from_position = held.from_position
    )
