//! The event log port and its Kafka, PostgreSQL and memory implementations.
