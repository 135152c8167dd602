-- The rows of these entities that still hold. $1 entities.
SELECT entity, from_position, to_position
    , client_id
    , system
FROM system_client_ids
WHERE entity = ANY($1::uuid[]) AND to_position = 9223372036854775807
