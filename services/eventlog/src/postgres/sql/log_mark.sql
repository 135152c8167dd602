-- Says whether the log is complete or being filled. Answers with no row where another log has taken
-- the place of the one meant.
--
-- $1 text: the incarnation of the log that is meant
-- $2 boolean: whether it is complete
   UPDATE fullmakt_log.log_end
      SET is_complete = $2::boolean
    WHERE incarnation = $1::text::uuid
RETURNING is_complete
