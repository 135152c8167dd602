//! Where the events of a stream are found: the ledger index.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use fullmakt_events::{Event, Folded, Position, StreamName, Timestamp};

use crate::Fold;

/// An event of one stream.
#[derive(Debug, Clone)]
pub struct StreamEvent {
    /// The position of its commit.
    pub position: Position,
    /// Its index in the commit.
    pub index: usize,
    /// The ledger time of its commit.
    pub at: Timestamp,
    /// The event.
    pub event: Event,
}

/// The events of some streams up to one position.
#[derive(Debug, Clone)]
pub struct IndexSnapshot {
    /// The position that the index has reached.
    pub checkpoint: Position,
    /// The events of each stream, in the order in which the streams were asked for.
    pub streams: Vec<Vec<StreamEvent>>,
}

/// The index cannot be read now.
#[derive(Debug, thiserror::Error)]
#[error("the ledger index cannot be read")]
pub struct IndexUnavailable(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// The ledger index: a fold of the ledger by stream.
#[async_trait]
pub trait LedgerIndex: Send + Sync + 'static {
    /// The events of these streams, all as of one position.
    ///
    /// Streams of idempotency keys may be left out once they are forgotten.
    ///
    /// # Errors
    /// When the index cannot be read now.
    async fn load(&self, streams: &[StreamName]) -> Result<IndexSnapshot, IndexUnavailable>;
}

/// The ledger index in memory, for tests and simulations.
#[derive(Debug, Clone, Default)]
pub struct MemoryIndex(Arc<Mutex<Folds>>);

#[derive(Debug, Default)]
struct Folds {
    checkpoint: Position,
    streams: HashMap<StreamName, Vec<StreamEvent>>,
    held_back: Option<Vec<Folded>>,
}

impl Folds {
    fn apply(&mut self, record: &Folded) {
        self.checkpoint = record.position;
        for (index, (stream, event)) in record.events.iter().enumerate() {
            self.streams.entry(stream.clone()).or_default().push(StreamEvent {
                position: record.position,
                index,
                at: record.ledger_time,
                event: event.clone(),
            });
        }
    }
}

impl MemoryIndex {
    /// Lets the index lag behind from now on, until [`Self::catch_up`].
    pub fn hold_back(&self) {
        self.lock().held_back.get_or_insert_default();
    }

    /// Applies what was held back, and lags no longer.
    pub fn catch_up(&self) {
        let mut folds = self.lock();
        for record in folds.held_back.take().unwrap_or_default() {
            folds.apply(&record);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Folds> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fold for MemoryIndex {
    fn apply(&mut self, records: &[Folded]) {
        let mut folds = self.lock();
        for record in records {
            match &mut folds.held_back {
                Some(held_back) => held_back.push(record.clone()),
                None => folds.apply(record),
            }
        }
    }
}

#[async_trait]
impl LedgerIndex for MemoryIndex {
    async fn load(&self, streams: &[StreamName]) -> Result<IndexSnapshot, IndexUnavailable> {
        let folds = self.lock();
        Ok(IndexSnapshot {
            checkpoint: folds.checkpoint,
            streams: streams
                .iter()
                .map(|stream| folds.streams.get(stream).cloned().unwrap_or_default())
                .collect(),
        })
    }
}
