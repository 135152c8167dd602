-- Units and persons. Of a person there is nothing but its ids. entity: the party's UUID.
CREATE TABLE parties (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , number bigint NOT NULL
    , org_number text
    , kind text NOT NULL CHECK (kind IN ('organization', 'sub_unit', 'person'))
    , variant text
    , name text
    , parent uuid
    , is_deleted boolean NOT NULL
    , deleted timestamptz
    , CHECK (from_position < to_position)
);
