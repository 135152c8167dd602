//! One contract, kept by every implementation.
//!
//! The suites in [`log_suite`] and [`topics_suite`] run against memory, PostgreSQL and Kafka; the
//! other modules test what only one of them can do wrong. Servers are real and named by the
//! environment; a test whose server is not named fails and says so.

mod fixture;
mod kafka;
mod kafka_faults;
mod log_suite;
mod memory;
mod memory_faults;
mod postgres;
mod postgres_faults;
mod proxy;
mod topics_suite;
