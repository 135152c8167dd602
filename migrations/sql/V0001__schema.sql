-- durable: the schema of all tables that cannot be made again from the ledger.
-- Tables that can be are in schemas of their own (`fullmakt_read_…`) and are made by the projector.
CREATE SCHEMA IF NOT EXISTS fullmakt;
