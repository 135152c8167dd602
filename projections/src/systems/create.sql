-- The system register. entity: the system's id. version: that of the system's stream.
CREATE TABLE systems (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , system text NOT NULL
    , internal_id uuid NOT NULL
    , vendor text NOT NULL
    , is_visible boolean NOT NULL
    , is_deleted boolean NOT NULL
    , created timestamptz NOT NULL
    , version bigint NOT NULL CHECK (version > 0)
    , definition jsonb NOT NULL
    , CHECK (from_position < to_position)
);
