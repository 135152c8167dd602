-- The change log of the system register: who changed a system, and what was submitted.
-- entity: the system's id. A row holds until the next change; the log is all of them.
CREATE TABLE system_changes (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , system text NOT NULL
    , change_type text NOT NULL
    , definition jsonb
    , rights jsonb
    , access_packages jsonb
    , changed_by text
    , client_id text
    , created timestamptz NOT NULL
    , changed_position bigint NOT NULL
    , changed_index bigint NOT NULL
    , CHECK (from_position < to_position)
    , CHECK (
        CASE change_type
            WHEN 'create' THEN num_nonnulls(definition) = 1
            WHEN 'update' THEN num_nonnulls(definition) = 1
            WHEN 'rights_update' THEN num_nonnulls(rights) = 1
            WHEN 'access_package_update' THEN num_nonnulls(access_packages) = 1
            WHEN 'delete' THEN TRUE
            ELSE FALSE
        END
    )
    , CHECK (
        num_nonnulls(definition, rights, access_packages)
        = CASE change_type WHEN 'delete' THEN 0 ELSE 1 END
    )
);
