-- Which log this is: another one is here if the tables were dropped and created anew.
SELECT incarnation::text
  FROM fullmakt_log.log_end
