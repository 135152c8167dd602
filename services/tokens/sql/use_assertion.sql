-- Notes that an assertion is used. One row if it was not before.
-- $1 client id, $2 hash of the assertion's id, $3 when it expires
INSERT INTO fullmakt.used_assertions (client_id, jti_hash, expires_at)
VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING
