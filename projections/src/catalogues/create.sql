-- Catalogues, each version as a whole. entity: the catalogue's name.
CREATE TABLE catalogues (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , name text NOT NULL
    , hash text NOT NULL
    , content jsonb NOT NULL
    , CHECK (from_position < to_position)
);
