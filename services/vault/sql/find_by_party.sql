-- $1: the party. What is kept of it.
SELECT
    number_index,
    number,
    name,
    is_forgotten
FROM fullmakt.identities
WHERE party = $1
