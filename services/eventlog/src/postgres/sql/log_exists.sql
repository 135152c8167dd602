-- Whether the log has been created. Asked first, so that a role that may not create anything can
-- use a log that an administrator created.
SELECT to_regclass('fullmakt_log.log_end') IS NOT NULL
