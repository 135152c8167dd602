-- One client of the token endpoint. $1 entity, $2 as of.
SELECT entity, from_position, to_position
    , client_id
    , owner
    , scopes
    , keys
FROM token_clients
WHERE entity = $1 AND from_position <= $2 AND to_position > $2
