-- Appends records to the partitions of one topic and answers with the number of the first record
-- in each. Locks the topic's row first, so appends to one topic never wait for each other in a
-- circle and numbers are seen in order.
--
-- $1 text: the topic
-- $2 integer[]: the partition of each record
-- $3 bytea[]: the key of each record
-- $4 bytea[]: the records
WITH locked AS (
    UPDATE fullmakt_log.topics
       SET appends = appends + cardinality($4::bytea[])
     WHERE name = $1::text
 RETURNING name
)
, stamped AS MATERIALIZED (
    SELECT name
         , date_trunc('milliseconds', clock_timestamp()) AS append_time
      FROM locked
)
, appended AS (
    SELECT partition
         , key
         , bytes
         , row_number() OVER (PARTITION BY partition ORDER BY ordinal) AS number
      FROM unnest($2::integer[], $3::bytea[], $4::bytea[])
           WITH ORDINALITY AS given (partition, key, bytes, ordinal)
)
, counted AS (
    SELECT partition
         , count(*) AS records
      FROM appended
     GROUP BY partition
)
, moved AS (
    UPDATE fullmakt_log.topic_ends
       SET next = topic_ends.next + counted.records
      FROM stamped
     CROSS JOIN counted
     WHERE topic_ends.topic = stamped.name
       AND topic_ends.partition = counted.partition
 RETURNING topic_ends.partition
         , topic_ends.next - counted.records AS first
)
, inserted AS (
    INSERT INTO fullmakt_log.topic_records (topic, partition, number, append_time, key, bytes)
    SELECT stamped.name
         , moved.partition
         , moved.first + appended.number - 1
         , stamped.append_time
         , appended.key
         , appended.bytes
      FROM stamped
     CROSS JOIN moved
      JOIN appended
        ON appended.partition = moved.partition
)
SELECT partition
     , first
     , pg_notify('fullmakt_topics', '')::text
  FROM moved
