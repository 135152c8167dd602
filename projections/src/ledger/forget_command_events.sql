-- Forgets events of command streams. $1 the ledger time before which they are forgotten.
DELETE FROM ledger_command_events
WHERE ledger_time < $1
