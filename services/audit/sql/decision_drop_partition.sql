-- Drops the partition of a day.
DROP TABLE fullmakt.{name}
