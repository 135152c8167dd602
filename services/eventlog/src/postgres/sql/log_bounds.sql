-- The first position the log holds and the one that the next record gets.
SELECT coalesce((SELECT min(position) FROM fullmakt_log.records), log_end.next)
     , log_end.next
  FROM fullmakt_log.log_end
