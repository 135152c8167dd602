-- Clients of our token endpoint, with the keys not retired. entity: the client id without case.
CREATE TABLE token_clients (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , client_id text NOT NULL
    , owner text NOT NULL
    , scopes jsonb NOT NULL
    , keys jsonb NOT NULL
    , CHECK (from_position < to_position)
);
