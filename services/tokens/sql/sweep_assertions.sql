-- Forgets assertions that have expired.
-- $1 the time before which they have
DELETE FROM fullmakt.used_assertions WHERE expires_at < $1
