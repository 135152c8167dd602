    -- Records up to a position.
    SELECT format('position %s', position) AS key
        , position AS place
        , to_jsonb(record) AS content
    FROM {schema}.{table} AS record
    WHERE position <= $1::bigint
