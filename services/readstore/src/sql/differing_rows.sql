-- Rows that are not the same in two generations of a table, by what each of them has. $1 the
-- position, $2 how many at most, $3 the ledger time before which events of commands may be
-- forgotten.
WITH remembered AS (
    SELECT $3::timestamptz AS since
), held AS (
    {held}
), made AS (
    {made}
)
SELECT COALESCE(held.key, made.key) AS key
    , CASE
        WHEN held.key IS NULL THEN 'missing'
        WHEN made.key IS NULL THEN 'surplus'
        ELSE 'different'
    END AS state
    , ARRAY(
        SELECT name
        FROM jsonb_each(held.content) AS of_held (name, value)
        JOIN jsonb_each(made.content) AS of_made (name, value) USING (name)
        WHERE of_held.value IS DISTINCT FROM of_made.value
        ORDER BY name
    ) AS columns
FROM held
FULL JOIN made USING (key)
WHERE held.content IS DISTINCT FROM made.content
ORDER BY COALESCE(held.place, made.place), key
LIMIT $2::bigint
