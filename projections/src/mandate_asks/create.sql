-- What parties ask each other for. entity: the ask.
CREATE TABLE mandate_asks (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , from_party uuid NOT NULL
    , to_party uuid NOT NULL
    , access_packages jsonb NOT NULL
    , rights jsonb NOT NULL
    , valid_from timestamptz
    , valid_to timestamptz
    , status text NOT NULL
    , asked_by uuid NOT NULL
    , asked timestamptz NOT NULL
    , answered_by uuid
    , answered timestamptz
    , CHECK (from_position < to_position)
);
