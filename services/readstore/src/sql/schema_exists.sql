-- Whether there is a schema. $1 its name.
SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1) AS found
