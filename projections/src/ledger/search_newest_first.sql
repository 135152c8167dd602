-- Records that answer a search, newest first.
-- $1 last position, $2 first position, $3 and $4 first and last ledger time, $5 key of a stream,
-- $6 event type, $7 kind, $8 verdict, $9 to $13 actor, $14 rows. A null in $2 to $13 asks nothing.
SELECT position
    , append_time
    , ledger_time
    , kind
    , verdict
    , reason
    , commit_id
    , bytes
FROM ledger_records
WHERE position <= $1
    AND ($2::bigint IS NULL OR position >= $2)
    AND ($3::timestamptz IS NULL OR ledger_time >= $3)
    AND ($4::timestamptz IS NULL OR ledger_time <= $4)
    AND ($5::uuid IS NULL OR position = ANY(ARRAY(
        SELECT position FROM ledger_events WHERE stream_key = $5
        UNION ALL
        SELECT position FROM ledger_records WHERE stream_keys @> ARRAY[$5::uuid]
    )))
    AND ($6::text IS NULL OR event_types @> ARRAY[$6::text])
    AND ($7::text IS NULL OR kind = $7)
    AND ($8::text IS NULL OR verdict = $8)
    AND ($9::text IS NULL OR actor_kind = $9)
    AND ($10::text IS NULL OR actor_org = $10)
    AND ($11::uuid IS NULL OR actor_party = $11)
    AND ($12::uuid IS NULL OR actor_system_user = $12)
    AND ($13::text IS NULL OR actor_client = $13)
ORDER BY position DESC
LIMIT $14
