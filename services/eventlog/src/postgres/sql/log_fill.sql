-- Appends records that have positions and append times already. Answers with no row and appends
-- nothing unless the log is the one meant, is being filled, and ends where the records begin.
--
-- $1 bigint: the position of the first record
-- $2 timestamptz[]: the append times
-- $3 bytea[]: the records
-- $4 text: the incarnation of the log that is meant
WITH locked AS (
    UPDATE fullmakt_log.log_end
       SET next = next + cardinality($3::bytea[])
     WHERE incarnation = $4::text::uuid
       AND NOT is_complete
       AND next = $1::bigint
 RETURNING next
)
, inserted AS (
    INSERT INTO fullmakt_log.records (position, append_time, bytes)
    SELECT $1::bigint + filled.ordinal - 1
         , filled.append_time
         , filled.bytes
      FROM locked
     CROSS JOIN unnest($2::timestamptz[], $3::bytea[])
           WITH ORDINALITY AS filled (append_time, bytes, ordinal)
)
SELECT next
  FROM locked
