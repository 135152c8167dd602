-- From here on this connection is told of every append.
LISTEN fullmakt_log
