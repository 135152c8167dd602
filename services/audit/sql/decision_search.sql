-- A page of what answers a search, newest first.
-- $1 and $2 first and last time, $3 and $4 time and id that the page begins after, $5 subject, $6 party,
-- $7 resource, $8 outcome, $9 kind, $10 owner, $11 rows. A null in $3 to $10 asks nothing.
SELECT evaluated_at
    , id
    , owner
    , topic_partition
    , topic_number
    , append_time
    , record
FROM fullmakt.decisions
WHERE evaluated_at >= $1
    AND evaluated_at <= $2
    AND kind <> 'gap'
    AND ($3::timestamptz IS NULL OR (evaluated_at, id) < ($3, $4::uuid))
    AND ($5::uuid IS NULL OR subject = $5)
    AND ($6::uuid IS NULL OR party = $6)
    AND ($7::text IS NULL OR resource = $7)
    AND ($8::text IS NULL OR outcome = $8)
    AND ($9::text IS NULL OR kind = $9)
    AND ($10::text IS NULL OR owner = $10)
ORDER BY evaluated_at DESC, id DESC
LIMIT $11
