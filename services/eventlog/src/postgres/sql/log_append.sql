-- Appends records and answers with the position of the first.
--
-- One statement, committed by itself: locks the end, takes the time under the lock, inserts, and
-- wakes the readers when it commits. No client ever holds the lock while it thinks.
--
-- Appends nothing and answers with no row where another log has taken the place of the one meant,
-- or where it is being filled from another.
--
-- $1 bytea[]: the records
-- $2 text: the incarnation of the log that is meant
WITH locked AS (
    UPDATE fullmakt_log.log_end
       SET next = next + cardinality($1::bytea[])
     WHERE incarnation = $2::text::uuid
       AND is_complete
 RETURNING next - cardinality($1::bytea[]) AS first
)
, stamped AS MATERIALIZED (
    SELECT first
         , date_trunc('milliseconds', clock_timestamp()) AS append_time
      FROM locked
)
, inserted AS (
    INSERT INTO fullmakt_log.records (position, append_time, bytes)
    SELECT stamped.first + appended.ordinal - 1
         , stamped.append_time
         , appended.bytes
      FROM stamped
     CROSS JOIN unnest($1::bytea[]) WITH ORDINALITY AS appended (bytes, ordinal)
)
SELECT first
     , pg_notify('fullmakt_log', '')::text
  FROM stamped
