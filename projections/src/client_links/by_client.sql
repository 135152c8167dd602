-- The system users of a client. $1 client, $2 as of.
SELECT entity, from_position, to_position
    , system_user
    , client
    , access_packages
    , rights
    , valid_from
    , valid_to
FROM client_links
WHERE client = $1 AND from_position <= $2 AND to_position > $2
ORDER BY system_user
