//! A log and topics in memory, with faults on demand: for tests and simulation.
//!
//! Nothing here reads a wall clock. Append times come from a [`TimeSource`]; waits and delays are
//! Tokio's, so a runtime with paused time runs them in virtual time.

mod clock;
mod faults;
mod log;
mod reader;
mod topics;

pub use clock::{ManualClock, TimeSource};
pub use faults::{Answer, AppendPlan, Fate, Faults, Odds, Pause, SplitMix};
pub use log::MemoryLog;
pub use topics::MemoryTopics;
