-- Tells the planner what is in {table}.
ANALYZE {table}
