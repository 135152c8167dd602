-- Announces the checkpoint when the transaction commits. $1 position.
SELECT pg_notify('fullmakt_checkpoint', $1)
