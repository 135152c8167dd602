-- The resource registry. entity: the resource's id.
CREATE TABLE resources (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , resource text NOT NULL
    , owner text NOT NULL
    , resource_type text NOT NULL
    , is_delegable boolean NOT NULL
    , metadata jsonb NOT NULL
    , registry_required_since bigint
    , CHECK (from_position < to_position)
);
