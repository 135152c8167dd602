-- Moves a place on, if nobody else has. Whoever else wants to waits until this transaction ends.
-- $1 log, $2 topic, $3 partition, $4 where it is, $5 where it goes.
UPDATE fullmakt.decision_places
SET next = $5
WHERE log = $1 AND topic = $2 AND topic_partition = $3 AND next = $4
