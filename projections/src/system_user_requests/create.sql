-- Requests for system users. entity: the request's id.
CREATE TABLE system_user_requests (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , kind text NOT NULL CHECK (kind IN ('standard', 'agent'))
    , system text NOT NULL
    , vendor text NOT NULL
    , customer text NOT NULL
    , customer_party uuid NOT NULL
    , external_ref text NOT NULL
    , integration_title text NOT NULL
    , rights jsonb NOT NULL
    , access_packages jsonb NOT NULL
    , redirect_url text
    , status text NOT NULL CHECK (status IN ('new', 'accepted', 'rejected'))
    , is_escalated boolean NOT NULL
    , created timestamptz NOT NULL
    , created_position bigint NOT NULL
    , created_index bigint NOT NULL
    , CHECK (from_position < to_position)
);
