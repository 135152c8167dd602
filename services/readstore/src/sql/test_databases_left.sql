-- Databases of tests whose process is gone: no session has their template's name. $1 prefix.
SELECT database.datname::text AS name
FROM pg_database AS database
WHERE starts_with(database.datname::text, $1)
    AND NOT EXISTS (
        SELECT FROM pg_stat_activity AS session
        WHERE starts_with(session.application_name, $1)
            AND starts_with(database.datname::text, session.application_name)
    )
