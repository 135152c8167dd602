-- Takes a lock of the session, if nobody else holds it. $1 the lock.
SELECT pg_try_advisory_lock($1) AS taken
