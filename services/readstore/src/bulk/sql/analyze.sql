-- Tells the planner what is in the columns of {table} that are in its indexes. Columns that are
-- only read may be large, and wait for autovacuum, which does not count this as done.
DO $$
BEGIN
    EXECUTE (
        SELECT format('ANALYZE %I (%s)', '{table}', string_agg(DISTINCT quote_ident(attname), ', '))
        FROM pg_index
        JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey::smallint[])
        WHERE indrelid = '{table}'::regclass
    );
END
$$
