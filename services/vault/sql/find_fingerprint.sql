-- The keys that this database belongs to; none in a new one.
SELECT fingerprint
FROM fullmakt.identity_keys
