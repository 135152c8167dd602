-- Creates what topics need. One transaction, under the same lock as the log's.
SELECT pg_advisory_xact_lock(7021795360182309889);

CREATE SCHEMA IF NOT EXISTS fullmakt_log;

CREATE TABLE IF NOT EXISTS fullmakt_log.topics (
    name             text   PRIMARY KEY
  , partitions       integer NOT NULL CHECK (partitions > 0)
  , retention_millis bigint CHECK (retention_millis > 0)
  , appends          bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE IF NOT EXISTS fullmakt_log.topic_ends (
    topic     text    NOT NULL REFERENCES fullmakt_log.topics (name)
  , partition integer NOT NULL CHECK (partition >= 0)
  , next      bigint  NOT NULL DEFAULT 0 CHECK (next >= 0)
  , PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);

CREATE TABLE IF NOT EXISTS fullmakt_log.topic_records (
    topic       text        NOT NULL
  , partition   integer     NOT NULL
  , number      bigint      NOT NULL CHECK (number >= 0)
  , append_time timestamptz NOT NULL
  , key         bytea       NOT NULL
  , bytes       bytea       NOT NULL
  , PRIMARY KEY (topic, partition, number)
  , FOREIGN KEY (topic, partition) REFERENCES fullmakt_log.topic_ends (topic, partition)
);
