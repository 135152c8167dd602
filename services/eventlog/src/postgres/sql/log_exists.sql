-- Whether the log has been created as this release has it. Asked first, so that a role that may not
-- create anything can use a log that an administrator created.
SELECT count(*) = 2
  FROM pg_attribute
 WHERE attrelid = to_regclass('fullmakt_log.log_end')
   AND attname IN ('incarnation', 'is_complete')
