-- durable: which client assertions were used, so that none is used twice, also after a restart.
CREATE TABLE fullmakt.used_assertions (
    client_id text NOT NULL,
    -- SHA-256 of the assertion's id, which is the client's own text of any length.
    jti_hash bytea NOT NULL CHECK (octet_length(jti_hash) = 32),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (client_id, jti_hash)
);

-- For sweeping those that have expired and are refused for that alone.
CREATE INDEX used_assertions_expires_at ON fullmakt.used_assertions (expires_at);
