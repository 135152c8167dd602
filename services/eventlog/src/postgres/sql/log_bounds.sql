-- The first position the log holds, the one that the next record gets, and which log it is.
SELECT coalesce((SELECT min(position) FROM fullmakt_log.records), log_end.next)
     , log_end.next
     , log_end.incarnation::text
  FROM fullmakt_log.log_end
