-- The last position whose ledger time is not after a time. $1 the time.
SELECT position
FROM ledger_records
WHERE ledger_time <= $1
ORDER BY ledger_time DESC, position DESC
LIMIT 1
