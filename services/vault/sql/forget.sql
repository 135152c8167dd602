-- $1: the party. Leaves a row without content.
INSERT INTO fullmakt.identities (
    party,
    is_forgotten
)
VALUES ($1, true)
ON CONFLICT (party) DO UPDATE
SET
    number_index = NULL,
    number = NULL,
    name = NULL,
    is_forgotten = true
