-- The access lists of service owners. entity: the list.
CREATE TABLE access_lists (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , owner text NOT NULL
    , name text NOT NULL
    , title text NOT NULL
    , description text NOT NULL
    , created timestamptz NOT NULL
    , changed timestamptz NOT NULL
    , CHECK (from_position < to_position)
);
