//! The event log port and its Kafka, PostgreSQL and memory implementations.
//!
//! A log is bytes in a total order. It numbers them from 0 without gaps, keeps them for ever, and
//! stamps each with the time it was appended. What the bytes mean is none of its business: void,
//! stale, superseded and admitted are verdicts of those who fold it.
//!
//! | promise | kept by |
//! | --- | --- |
//! | an acknowledged record is durable and stays where it is | [`EventLog::append`] |
//! | a failed append says whether nothing was appended or nobody knows | [`AppendError`] |
//! | a reader sees every position in order, and an error instead of a gap | [`LogReader::next`] |
//! | the end is never older than the question | [`EventLog::end`] |
//! | another log that took the place of this one is never read as this one | [`ReadError::Replaced`] |
//! | positions that are gone, or not there yet, are told apart from silence | [`ReadError`] |
//!
//! Append times are whole milliseconds in every implementation, so that a log can be copied from
//! one to another exactly. They may go back: clocks of brokers and servers differ. Whoever needs a
//! time that never goes back takes the running maximum.
//!
//! [`copy()`] moves a log from one to another.
//!
//! [`Topics`] are the plain side of the same machinery: partitioned, acknowledged, with retention.
//! The decision log and the public feed are topics.

pub mod copy;
pub mod error;
pub mod kafka;
pub mod log;
pub mod memory;
mod partitioner;
pub mod postgres;
pub mod topics;

pub use copy::{
    CopyError, CopyProgress, CopyReport, CopyStep, Destination, FillError, RecordsHash, copy,
};
pub use error::{AppendError, Cause, OpenError, ReadError, TopicReadError};
pub use log::{EventLog, LogReader, RECORD_BYTES_MAX, ReadLimits, Record};
pub use topics::{Topic, TopicName, TopicPlace, TopicRecord, Topics};
