-- How many partitions a topic has.
--
-- $1 text: the topic
SELECT partitions
  FROM fullmakt_log.topics
 WHERE name = $1::text
