-- Adds rows. A record that was appended twice is one row.
INSERT INTO fullmakt.decisions (
    evaluated_at
    , id
    , kind
    , subject
    , party
    , resource
    , outcome
    , owner
    , topic_partition
    , topic_number
    , append_time
    , record
)
SELECT *
FROM unnest(
    $1::timestamptz[]
    , $2::uuid[]
    , $3::text[]
    , $4::uuid[]
    , $5::uuid[]
    , $6::text[]
    , $7::text[]
    , $8::text[]
    , $9::integer[]
    , $10::bigint[]
    , $11::timestamptz[]
    , $12::text[]
)
ON CONFLICT DO NOTHING
