//! A reader of the log in memory.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use fullmakt_events::Position;
use tokio::time::{Instant, sleep_until};

use super::{
    faults::Faults,
    log::{Fault, Store},
};
use crate::{
    error::ReadError,
    log::{LogReader, ReadLimits, Record},
};

pub(super) struct MemoryReader {
    store: Arc<Store>,
    faults: Arc<Faults>,
    incarnation: u64,
    position: Position,
    limits: ReadLimits,
}

impl MemoryReader {
    pub(super) fn new(
        store: Arc<Store>,
        faults: Arc<Faults>,
        incarnation: u64,
        position: Position,
        limits: ReadLimits,
    ) -> Self {
        Self { store, faults, incarnation, position, limits }
    }
}

#[async_trait]
impl LogReader for MemoryReader {
    async fn next(&mut self, wait: Duration) -> Result<Vec<Record>, ReadError> {
        let now = Instant::now();
        let deadline = now.checked_add(wait).unwrap_or(now);
        let mut ends = self.store.ends();
        let mut changes = self.faults.changes();
        self.faults.on_read().await?;
        loop {
            if self.faults.is_cut_off() {
                return Err(ReadError::unavailable(Fault::CutOff));
            }
            let hidden_from = self.faults.visible();
            let batch =
                self.store.batch(self.incarnation, self.position, hidden_from, self.limits)?;
            if let Some(last) = batch.last() {
                self.position = last.position.next();
                return Ok(batch);
            }
            tokio::select! {
                _ = ends.changed() => {}
                _ = changes.changed() => {}
                () = sleep_until(deadline) => return Ok(batch),
            }
        }
    }

    fn position(&self) -> Position {
        self.position
    }
}
