-- Removes records that are older than their topic keeps them, the oldest first, a bounded number
-- at a time so that no append waits long.
--
-- $1 text: the topic
-- $2 bigint: at most this many records
DELETE FROM fullmakt_log.topic_records
      USING (
             SELECT record.topic
                  , record.partition
                  , record.number
               FROM fullmakt_log.topic_records AS record
               JOIN fullmakt_log.topics
                 ON topics.name = record.topic
              WHERE record.topic = $1::text
                AND record.append_time
                    < clock_timestamp() - topics.retention_millis * interval '1 millisecond'
              ORDER BY record.number
              LIMIT $2::bigint
            ) AS expired
      WHERE topic_records.topic = expired.topic
        AND topic_records.partition = expired.partition
        AND topic_records.number = expired.number
