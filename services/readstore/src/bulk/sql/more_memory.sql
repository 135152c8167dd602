-- Gives the transaction more memory to sort an index in, unless it has as much. $1 the memory.
SELECT set_config('maintenance_work_mem', $1, true)
WHERE pg_size_bytes(current_setting('maintenance_work_mem')) < pg_size_bytes($1)
