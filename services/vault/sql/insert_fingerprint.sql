-- $1: the fingerprint. Does nothing if there is one.
INSERT INTO fullmakt.identity_keys (fingerprint)
VALUES ($1)
ON CONFLICT DO NOTHING
