-- Begins a transaction that sees one moment. It is held up while a rebuilt schema is put in place,
-- and has to be so before it chooses its moment: one chosen before would not see what was written
-- into the new schema last. A lock is taken without choosing one.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
LOCK TABLE checkpoint IN ACCESS SHARE MODE
