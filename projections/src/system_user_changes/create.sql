-- Change requests of system users. entity: the change request's id.
CREATE TABLE system_user_changes (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , system_user uuid NOT NULL
    , system text NOT NULL
    , vendor text NOT NULL
    , customer text NOT NULL
    , customer_party uuid NOT NULL
    , external_ref text NOT NULL
    , required_rights jsonb NOT NULL
    , unwanted_rights jsonb NOT NULL
    , required_access_packages jsonb NOT NULL
    , unwanted_access_packages jsonb NOT NULL
    , redirect_url text
    , status text NOT NULL CHECK (status IN ('new', 'accepted', 'rejected'))
    , created timestamptz NOT NULL
    , created_position bigint NOT NULL
    , created_index bigint NOT NULL
    , CHECK (from_position < to_position)
);
