-- What every connection is set to, whatever the server's or the role's defaults say.
--
-- An acknowledgement means durable, so `synchronous_commit` is on. The timeouts bound how long a
-- statement, and with it the lock on the end of the log, can last; `transaction_timeout` also
-- covers a client that stops between sending a statement and ending it, where the server has it.
--
-- $1 text: the longest a statement may take, in milliseconds
SELECT set_config('synchronous_commit', 'on', false)
     , set_config('default_transaction_isolation', 'read committed', false)
     , set_config('statement_timeout', $1::text, false)
     , set_config('lock_timeout', $1::text, false)
     , set_config('idle_in_transaction_session_timeout', $1::text, false)
     , CASE
           WHEN current_setting('server_version_num')::integer >= 170000
           THEN set_config('transaction_timeout', $1::text, false)
       END
