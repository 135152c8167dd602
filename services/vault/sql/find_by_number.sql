-- $1: the number's index. The party that has it.
SELECT
    party,
    name
FROM fullmakt.identities
WHERE number_index = $1
