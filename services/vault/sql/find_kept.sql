-- Parties of which something is kept. $1 how many at most.
SELECT party
FROM fullmakt.identities
WHERE NOT is_forgotten
    AND (number IS NOT NULL OR name IS NOT NULL)
ORDER BY party
LIMIT $1
