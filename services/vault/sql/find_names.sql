-- $1: parties. The sealed names of those that have one.
SELECT
    party,
    name
FROM fullmakt.identities
WHERE party = ANY ($1)
    AND name IS NOT NULL
