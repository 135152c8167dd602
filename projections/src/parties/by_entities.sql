-- Some parties. $1 entities, $2 as of.
SELECT entity, from_position, to_position
    , number
    , org_number
    , kind
    , variant
    , name
    , parent
    , is_deleted
    , deleted
FROM parties
WHERE entity = ANY($1::uuid[]) AND from_position <= $2 AND to_position > $2
