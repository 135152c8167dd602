-- A record by its id. $1 id, $2 and $3 first and last time.
SELECT evaluated_at
    , id
    , owner
    , topic_partition
    , topic_number
    , append_time
    , record
FROM fullmakt.decisions
WHERE id = $1 AND evaluated_at >= $2 AND evaluated_at <= $3
LIMIT 1
