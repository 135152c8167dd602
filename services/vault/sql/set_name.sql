-- $1: the party, $2: the sealed name. Does nothing if the party is forgotten.
INSERT INTO fullmakt.identities AS identity (
    party,
    name
)
VALUES ($1, $2)
ON CONFLICT (party) DO UPDATE
SET name = excluded.name
WHERE NOT identity.is_forgotten
