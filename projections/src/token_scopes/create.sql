-- What organisations may do with scopes of tokens. entity: the scope with `owner`, with a holder, or
-- with a holder and its supplier. scope_key: the key of the scope.
CREATE TABLE token_scopes (
    entity uuid NOT NULL
    , from_position bigint NOT NULL
    , to_position bigint NOT NULL
    , scope text NOT NULL
    , standing text NOT NULL
    , holder text NOT NULL
    , supplier text
    , scope_key uuid NOT NULL
    , CHECK (from_position < to_position)
);
