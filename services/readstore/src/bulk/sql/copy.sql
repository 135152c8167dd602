-- Adds rows to {table}.
COPY {table} FROM STDIN (FORMAT binary)
