-- The policies of resources. entity: the resource's id.
CREATE TABLE resource_policies (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , resource text NOT NULL
    , hash text NOT NULL
    , xml text NOT NULL
    , CHECK (from_position < to_position)
);
