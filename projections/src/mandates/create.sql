-- What parties give each other, one row a package or right. entity: both parties and what is given,
-- together.
CREATE TABLE mandates (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , from_party uuid NOT NULL
    , to_party uuid NOT NULL
    , access_package text
    , single_right jsonb
    , valid_from timestamptz
    , valid_to timestamptz
    , CHECK (from_position < to_position)
    , CHECK ((access_package IS NULL) <> (single_right IS NULL))
);
