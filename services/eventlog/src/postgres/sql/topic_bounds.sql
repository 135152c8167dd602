-- The first number a partition holds and the one that its next record gets.
--
-- $1 text: the topic
-- $2 integer: the partition
SELECT coalesce(
           (
            SELECT min(number)
              FROM fullmakt_log.topic_records
             WHERE topic = $1::text
               AND partition = $2::integer
           )
         , topic_ends.next
       )
     , topic_ends.next
  FROM fullmakt_log.topic_ends
 WHERE topic = $1::text
   AND partition = $2::integer
