-- durable: national numbers and names of persons, which are nowhere else. Encrypted, each person's
-- under a key that is outside the database, so that destroying the key destroys them in every backup.
CREATE TABLE fullmakt.identities (
    party uuid PRIMARY KEY,
    -- HMAC-SHA-256 of the number under a key that is outside the database. Unique, so that two
    -- processes never make two parties of one number.
    number_index bytea UNIQUE,
    number bytea,
    name bytea,
    -- A forgotten party stays as a row without content, so that it is not made again.
    is_forgotten boolean NOT NULL DEFAULT false,
    CHECK (octet_length(number_index) = 32),
    CHECK ((number_index IS NULL) = (number IS NULL)),
    CHECK (NOT is_forgotten OR (number IS NULL AND name IS NULL))
);

-- Which keys this database belongs to, so that it is never used with others.
CREATE TABLE fullmakt.identity_keys (
    is_only_row boolean PRIMARY KEY DEFAULT true CHECK (is_only_row),
    fingerprint bytea NOT NULL CHECK (octet_length(fingerprint) = 32)
);
