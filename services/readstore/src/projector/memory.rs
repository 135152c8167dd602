//! Where a projector finds records again that it was given before.

use std::{fmt, sync::Arc};

use fullmakt_events::{Folded, Position};

/// The batches from the one with a position on, if they are remembered.
type Since = dyn Fn(Position) -> Option<Vec<Arc<[Folded]>>> + Send + Sync;

/// The newest records, as somebody else keeps them.
pub struct Memory(Box<Since>);

impl Memory {
    /// Finds records by asking this: for the batches from the one that holds a position on, or
    /// nothing where that position is not remembered.
    pub fn new(
        since: impl Fn(Position) -> Option<Vec<Arc<[Folded]>>> + Send + Sync + 'static,
    ) -> Self {
        Self(Box::new(since))
    }

    /// Remembers nothing.
    pub(super) fn none() -> Self {
        Self::new(|_| None)
    }

    pub(super) fn since(&self, position: Position) -> Option<Vec<Arc<[Folded]>>> {
        (self.0)(position)
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Memory")
    }
}
