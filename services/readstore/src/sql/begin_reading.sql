-- Begins a transaction that sees one moment.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY
