-- Moves the checkpoint from where the projector left it; no row means that another projector has
-- moved it, and that this one must not write. $1 position it stands at (-1 for nothing),
-- $2 its hash or null, $3 new position, $4 ledger, $5 ledger time, $6 hash.
UPDATE checkpoint
SET position = $3
    , ledger = $4
    , ledger_time = $5
    , hash = $6
WHERE position = $1 AND hash IS NOT DISTINCT FROM $2
