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
    , PRIMARY KEY (entity, from_position)
    , CHECK (from_position < to_position)
);
CREATE INDEX parties_number ON parties (number, to_position);
CREATE INDEX parties_org_number ON parties (org_number, to_position) WHERE org_number IS NOT NULL;
CREATE INDEX parties_parent ON parties (parent, to_position) WHERE parent IS NOT NULL;
