-- The clients of a system user. $1 system user, $2 as of.
SELECT entity, from_position, to_position
    , system_user
    , client
    , access_packages
    , rights
    , valid_from
    , valid_to
FROM client_links
WHERE system_user = $1 AND from_position <= $2 AND to_position > $2
ORDER BY client
