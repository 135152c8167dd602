-- The place where a partition of the topic is taken in from, unless it is known.
-- $1 log, $2 topic, $3 partition.
INSERT INTO fullmakt.decision_places (log, topic, topic_partition, next)
VALUES ($1, $2, $3, 0)
ON CONFLICT DO NOTHING
