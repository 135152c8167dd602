-- What the server is, and how durable what it has committed is.
SELECT current_setting('server_version') AS version
    , current_setting('server_version_num')::integer AS version_number
    , current_setting('fsync')::boolean AS is_syncing
    , current_setting('full_page_writes')::boolean AS is_writing_full_pages
    , current_setting('synchronous_commit') AS synchronous_commit
    , current_setting('max_connections')::integer AS connections_max
    , pg_is_in_recovery() AS is_replica
    , clock_timestamp() AS now
