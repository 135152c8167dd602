-- Creates a database of tests.
CREATE DATABASE {name} TEMPLATE {template}
