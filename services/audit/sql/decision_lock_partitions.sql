-- One process at a time makes and drops partitions (`decision` in ASCII).
SELECT pg_advisory_xact_lock(x'6465636973696f6e'::bigint)
