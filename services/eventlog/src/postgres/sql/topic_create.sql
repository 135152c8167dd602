-- Creates a topic with its partitions unless it exists, and answers with the partitions it has.
--
-- $1 text: the topic
-- $2 integer: how many partitions it should have
-- $3 bigint: how long records are kept, in milliseconds; null for ever
WITH created AS (
    INSERT INTO fullmakt_log.topics (name, partitions, retention_millis)
    VALUES ($1::text, $2::integer, $3::bigint)
        ON CONFLICT (name) DO NOTHING
 RETURNING name
         , partitions
)
, ends AS (
    INSERT INTO fullmakt_log.topic_ends (topic, partition)
    SELECT created.name
         , number
      FROM created
     CROSS JOIN generate_series(0, created.partitions - 1) AS number
)
SELECT partitions
  FROM created
 UNION ALL
SELECT partitions
  FROM fullmakt_log.topics
 WHERE name = $1::text
