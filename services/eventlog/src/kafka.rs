//! The log and topics in Apache Kafka.
//!
//! One log is one topic with one partition; a position is an offset. "Offset" is a word of this
//! module only.
//!
//! *Why no transactions*: they put markers among the records, and nothing here needs them. The
//! admission rule decides what counts, whatever order records arrive in.
//!
//! *Why our own offsets*: a consumer group's offset is committed beside the data and not with it.
//! Whoever folds the log keeps the position with what was folded and opens a reader there.
//!
//! *Why Kafka 3.1 or newer*: readers ask for records by the topic's id and not by its name, so that
//! a topic that was deleted and created anew is not taken for the one that is gone.

mod admin;
mod client;
mod delivery;
mod destination;
mod identity;
mod inspect;
mod log;
mod producer;
mod reader;
mod settings;
mod topics;
mod watermarks;

pub use destination::KafkaDestination;
pub use inspect::{KafkaInspection, TopicInspection, TopicSetting, inspect, inspect_topic};
pub use log::KafkaLog;
pub use settings::{KafkaSettings, TopicCreation};
pub use topics::KafkaTopics;
