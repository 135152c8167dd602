-- Who holds which role for whom. entity: party, role and holder together.
CREATE TABLE party_roles (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , party uuid NOT NULL
    , role text NOT NULL
    , holder uuid NOT NULL
    , CHECK (from_position < to_position)
);
