-- Whether the tables of the topics have been created.
SELECT to_regclass('fullmakt_log.topic_records') IS NOT NULL
