-- Which log this is (another one is here if the tables were dropped and created anew), and whether
-- it is complete or being filled from another.
SELECT incarnation::text
     , is_complete
  FROM fullmakt_log.log_end
