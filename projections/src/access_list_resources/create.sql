-- The resources that access lists are connected with. A list that is deleted has none, and its rows
-- stay. entity: list and resource together.
CREATE TABLE access_list_resources (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , list uuid NOT NULL
    , resource text NOT NULL
    , actions jsonb NOT NULL
    , created timestamptz NOT NULL
    , changed timestamptz NOT NULL
    , CHECK (from_position < to_position)
);
