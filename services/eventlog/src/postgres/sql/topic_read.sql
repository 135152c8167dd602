-- Records of one partition from a number on, in order, bounded by count and by bytes.
--
-- $1 text: the topic
-- $2 integer: the partition
-- $3 bigint: the first number
-- $4 bigint: at most this many records
-- $5 bigint: at most this many bytes, but always the first record
SELECT number
     , append_time
     , key
     , bytes
  FROM (
        SELECT number
             , append_time
             , key
             , bytes
             , row_number() OVER (ORDER BY number) AS ordinal
             , sum(octet_length(bytes)) OVER (ORDER BY number) AS bytes_so_far
          FROM (
                SELECT number
                     , append_time
                     , key
                     , bytes
                  FROM fullmakt_log.topic_records
                 WHERE topic = $1::text
                   AND partition = $2::integer
                   AND number >= $3::bigint
                 ORDER BY number
                 LIMIT $4::bigint
               ) AS candidates
       ) AS measured
 WHERE ordinal = 1
    OR bytes_so_far <= $5::bigint
 ORDER BY number
