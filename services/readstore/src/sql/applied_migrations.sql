-- The migrations that were applied, with their checksums.
SELECT version
    , name
    , checksum
FROM fullmakt.migrations
ORDER BY version
