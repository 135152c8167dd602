-- From here on this connection is told of every append to a topic.
LISTEN fullmakt_topics
