    -- Streams as they were at a position. A stream that was written later is as its events say.
    SELECT stream AS key
        , written.position AS place
        , jsonb_build_object(
            'stream_key', stream_key
            , 'version', written.version
            , 'position', written.position
        ) AS content
    FROM {schema}.{table} AS streams
    CROSS JOIN LATERAL (
        SELECT streams.version, streams.position
        WHERE streams.position <= $1::bigint
        UNION ALL
        (
            SELECT event.version, event.position
            FROM {schema}.ledger_events AS event
            WHERE event.stream_key = streams.stream_key
                AND streams.position > $1::bigint
                AND event.position <= $1::bigint
            ORDER BY event.version DESC
            LIMIT 1
        )
    ) AS written
