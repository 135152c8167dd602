    -- Rows of a read model as they were at a position.
    SELECT format('%s from position %s', entity, from_position) AS key
        , from_position AS place
        , to_jsonb(held) || jsonb_build_object(
            'to_position'
            , CASE WHEN to_position > $1::bigint THEN 9223372036854775807 ELSE to_position END
        ) AS content
    FROM {schema}.{table} AS held
    WHERE from_position <= $1::bigint
