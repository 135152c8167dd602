-- The members of access lists. A list that is deleted has none, and its rows stay. entity: list and
-- party together.
CREATE TABLE access_list_members (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , list uuid NOT NULL
    , member uuid NOT NULL
    , added timestamptz NOT NULL
    , CHECK (from_position < to_position)
);
