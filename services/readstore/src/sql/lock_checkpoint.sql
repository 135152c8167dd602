-- Holds up everyone who reads or writes a schema: all of them begin with its checkpoint. Who waits
-- for the lock holds up others as well, and so does not wait long.
SET LOCAL search_path = {schema};
SET LOCAL lock_timeout = '500ms';
LOCK TABLE checkpoint IN ACCESS EXCLUSIVE MODE;
