-- The system user that a token issuer asks for: every link of the chain must hold.
-- $1 entity of the client id, $2 as of, $3 vendor, $4 owner, $5 external reference.
SELECT found.entity, found.from_position, found.to_position
    , found.kind
    , found.system
    , found.vendor
    , found.owner
    , found.owner_party
    , found.external_ref
    , found.integration_title
    , found.rights
    , found.delegated
    , found.access_packages
    , found.is_paused
    , found.is_deleted
    , found.created
    , found.changed
    , found.created_position
    , found.created_index
    , found.changed_position
    , found.changed_index
FROM system_client_ids AS held
INNER JOIN systems AS own
    ON own.entity = held.system_entity
INNER JOIN system_users AS found
    ON found.system = held.system
WHERE held.entity = $1
    AND held.from_position <= $2 AND held.to_position > $2
    AND own.vendor = $3
    AND NOT own.is_deleted
    AND own.from_position <= $2 AND own.to_position > $2
    AND found.owner = $4
    AND found.external_ref = $5
    AND NOT found.is_deleted
    AND NOT found.is_paused
    AND found.from_position <= $2 AND found.to_position > $2
ORDER BY found.created_position, found.created_index
LIMIT 1
