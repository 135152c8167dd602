-- The checkpoint.
SELECT shape
    , position
    , ledger
    , ledger_time
    , hash
FROM checkpoint
