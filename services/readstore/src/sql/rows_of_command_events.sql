    -- Events of commands up to a position that are not forgotten.
    SELECT format('position %s, event %s', position, index) AS key
        , position AS place
        , to_jsonb(event) AS content
    FROM {schema}.{table} AS event
    WHERE position <= $1::bigint
        AND ledger_time >= (SELECT since FROM remembered)
