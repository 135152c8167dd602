//! What can be recorded: values, commits, the codec and the admission rule. No I/O.

pub mod position;

pub use position::{Position, Timestamp};
