-- What system users may do for the clients of their owners. entity: system user and client together.
CREATE TABLE client_links (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , system_user uuid NOT NULL
    , client uuid NOT NULL
    , access_packages jsonb NOT NULL
    , rights jsonb NOT NULL
    , valid_from timestamptz
    , valid_to timestamptz
    , CHECK (from_position < to_position)
);
