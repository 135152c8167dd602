-- The rows of these entities that still hold. $1 entities.
SELECT entity, from_position, to_position
    , client_id
    , owner
    , scopes
    , keys
FROM token_clients
WHERE entity = ANY($1::uuid[]) AND to_position = 9223372036854775807
