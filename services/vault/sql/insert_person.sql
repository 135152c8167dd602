-- $1: the party, $2: the number's index, $3: the sealed number, $4: the sealed name.
-- Does nothing if the party or the number is there.
INSERT INTO fullmakt.identities (
    party,
    number_index,
    number,
    name
)
VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING
