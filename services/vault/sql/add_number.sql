-- $1: the party, $2: the number's index, $3: the sealed number.
-- Gives a number to a party that has none yet.
UPDATE fullmakt.identities
SET
    number_index = $2,
    number = $3
WHERE party = $1
    AND number_index IS NULL
    AND NOT is_forgotten
