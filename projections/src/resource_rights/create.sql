-- The resource rights registry. entity: the right.
CREATE TABLE resource_rights (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , resource text NOT NULL
    , party uuid NOT NULL
    , performed_by uuid
    , rights_type text NOT NULL
    , rights_value text NOT NULL
    , valid_from timestamptz
    , valid_to timestamptz
    , CHECK (from_position < to_position)
);
