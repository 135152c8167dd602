-- Adds records. $1 positions, $2 append times, $3 ledger times, $4 kinds, $5 verdicts, $6 reasons,
-- $7 commit ids, $8 positions decided as of, $9 to $13 actors, $14 and $15 array literals of event
-- types and stream keys, $16 bytes.
INSERT INTO ledger_records (position, append_time, ledger_time, kind, verdict, reason
    , commit_id, as_of, actor_kind, actor_org, actor_party, actor_system_user, actor_client
    , event_types, stream_keys, bytes
)
SELECT position, append_time, ledger_time, kind, verdict, reason
    , commit_id, as_of, actor_kind, actor_org, actor_party, actor_system_user, actor_client
    , event_types::text[], stream_keys::uuid[], bytes
FROM UNNEST($1::bigint[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::text[], $6::text[]
    , $7::uuid[], $8::bigint[], $9::text[], $10::text[], $11::uuid[], $12::uuid[], $13::text[]
    , $14::text[], $15::text[], $16::bytea[]
) AS added (position, append_time, ledger_time, kind, verdict, reason
    , commit_id, as_of, actor_kind, actor_org, actor_party, actor_system_user, actor_client
    , event_types, stream_keys, bytes
)
