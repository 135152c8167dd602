-- One record. $1 position.
SELECT position
    , append_time
    , ledger_time
    , kind
    , verdict
    , reason
    , commit_id
    , bytes
FROM ledger_records
WHERE position = $1
