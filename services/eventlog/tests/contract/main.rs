//! One contract, kept by every implementation.
//!
//! The suites in [`log_suite`] and [`topics_suite`] run against memory, PostgreSQL and Kafka; the
//! other modules test what only one of them can do wrong. Servers are real and named by the
//! environment; a test whose server is not named fails and says so.

#[cfg(test)]
mod copy_suite;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod folder_suite;
#[cfg(test)]
mod kafka;
#[cfg(test)]
mod kafka_faults;
#[cfg(test)]
mod log_suite;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod memory_faults;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod postgres_faults;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod replaced_suite;
#[cfg(test)]
mod topics_suite;
