-- The rows of these entities that still hold. $1 entities. Found by their key, not by the end of
-- an index that has to_position: most rows have that one.
SELECT entity, from_position, to_position
    , system_user
    , client
    , access_packages
    , rights
    , valid_from
    , valid_to
FROM client_links
WHERE entity = ANY($1::uuid[]) AND (to_position = 9223372036854775807) IS TRUE
