-- Records from a position on, in order, bounded by count and by bytes. None where another log has
-- taken the place of the one meant.
--
-- $1 bigint: the first position
-- $2 bigint: at most this many records
-- $3 bigint: at most this many bytes, but always the first record
-- $4 text: the incarnation of the log that is meant
SELECT position
     , append_time
     , bytes
  FROM (
        SELECT position
             , append_time
             , bytes
             , sum(octet_length(bytes)) OVER (ORDER BY position) AS bytes_so_far
          FROM (
                SELECT position
                     , append_time
                     , bytes
                  FROM fullmakt_log.records
                 WHERE position >= $1::bigint
                   AND EXISTS (
                           SELECT
                             FROM fullmakt_log.log_end
                            WHERE incarnation = $4::text::uuid
                       )
                 ORDER BY position
                 LIMIT $2::bigint
               ) AS candidates
       ) AS measured
 WHERE position = $1::bigint
    OR bytes_so_far <= $3::bigint
 ORDER BY position
