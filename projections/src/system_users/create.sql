-- System users; a deleted one keeps a row that says so. entity: the system user's id.
CREATE TABLE system_users (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , kind text NOT NULL CHECK (kind IN ('standard', 'agent'))
    , system text NOT NULL
    , vendor text NOT NULL
    , owner text NOT NULL
    , owner_party uuid NOT NULL
    , external_ref text NOT NULL
    , integration_title text NOT NULL
    , rights jsonb NOT NULL
    , delegated jsonb NOT NULL
    , access_packages jsonb NOT NULL
    , is_paused boolean NOT NULL
    , is_deleted boolean NOT NULL
    , created timestamptz NOT NULL
    , changed timestamptz NOT NULL
    , created_position bigint NOT NULL
    , created_index bigint NOT NULL
    , changed_position bigint NOT NULL
    , changed_index bigint NOT NULL
    , CHECK (from_position < to_position)
);
