-- Rows and checksum of {table} as they were at a position, over all columns. $1 the position.
-- Digests of rows are gathered in buckets of positions first: one text for a whole table could be
-- longer than PostgreSQL allows.
SELECT COALESCE(SUM(rows), 0)::bigint AS rows
    , md5(COALESCE(string_agg(digest, '' ORDER BY bucket), '')) AS digest
FROM (
    SELECT from_position / 4096 AS bucket
        , count(*) AS rows
        , md5(string_agg(row_digest, '' ORDER BY from_position, entity)) AS digest
    FROM (
        SELECT entity
            , from_position
            , md5((CASE
                WHEN to_position > $1::bigint AND to_position < 9223372036854775807
                THEN jsonb_populate_record(held, '{"to_position": 9223372036854775807}')
                ELSE held
            END)::text) AS row_digest
        FROM {table} AS held
        WHERE from_position <= $1::bigint
    ) AS digests
    GROUP BY from_position / 4096
) AS buckets
