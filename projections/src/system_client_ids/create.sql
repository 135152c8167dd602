-- Which active system holds a client id. entity: the client id without case.
CREATE TABLE system_client_ids (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , client_id text NOT NULL
    , system text NOT NULL
    , system_entity uuid NOT NULL
    , CHECK (from_position < to_position)
);
