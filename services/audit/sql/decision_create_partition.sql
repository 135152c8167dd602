-- Makes the partition of a day. It is made apart and then attached, so that nobody who reads or writes
-- the others waits.
CREATE TABLE fullmakt.{name} (LIKE fullmakt.decisions INCLUDING ALL);
ALTER TABLE fullmakt.decisions ATTACH PARTITION fullmakt.{name} FOR VALUES FROM ('{from}') TO ('{to}');
