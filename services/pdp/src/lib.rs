//! The decision service: collects facts, evaluates policies, logs decisions, answers.
//!
//! *Architecture invariant:* an answer belongs to exactly one position, and nothing in it comes
//! from a cache that can be stale.

mod authzen;
mod decisions;
mod delegation;
mod explain;
mod fresh;
mod generation;
mod identify;
mod log;
mod point;
mod render;
mod routes;
mod withhold;

pub use decisions::{Asked, Decided, Decisions, NotFresh};
pub use generation::{Generation, GenerationFold, Generations};
pub use log::{
    DECISIONS_TOPIC_PARTITIONS, DecisionLog, DecisionLogMode, LogError, decisions_topic,
};
pub use point::LocalPoint;
pub use routes::{PdpState, routes};

#[cfg(test)]
mod testing;
