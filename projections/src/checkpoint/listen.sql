-- Hears of every checkpoint.
LISTEN fullmakt_checkpoint
