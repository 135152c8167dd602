-- Removes records that were committed before a checkpoint that never was. Whoever may still be at
-- work on that one holds the checkpoint until it is done.
SELECT position FROM checkpoint FOR UPDATE;
DELETE FROM ledger_records WHERE position > (SELECT position FROM checkpoint);
