-- The active system that holds a client id. $1 entity of the client id, $2 as of.
SELECT found.entity, found.from_position, found.to_position
    , found.system
    , found.internal_id
    , found.vendor
    , found.is_visible
    , found.is_deleted
    , found.created
    , found.version
    , found.definition
FROM system_client_ids AS held
INNER JOIN systems AS found
    ON found.system = held.system
        AND found.entity = held.system_entity
WHERE held.entity = $1
    AND held.from_position <= $2 AND held.to_position > $2
    AND NOT found.is_deleted
    AND found.from_position <= $2 AND found.to_position > $2
