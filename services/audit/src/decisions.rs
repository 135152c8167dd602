//! The decisions that were made: an index of their topic, searched, shown, and computed again.

mod entry;
mod filter;
pub(crate) mod get;
mod index;
mod indexer;
pub(crate) mod list;
mod partitions;
mod reach;
mod recompute;
pub(crate) mod reproduce;
mod reproduction;
mod sources;

pub use index::{DecisionIndex, DecisionTopic, IndexError};
pub use indexer::{DecisionIndexer, IndexRetention};

#[cfg(test)]
mod tests;
