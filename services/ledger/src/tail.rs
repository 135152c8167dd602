//! The newest records in memory, which bridge the gap between the index and the fold.

use std::{collections::VecDeque, sync::Arc};

use fullmakt_events::{Folded, Position, StreamName};

use crate::StreamEvent;

/// How many records stay in memory even if the index has them. A database that crashes may lose
/// what was folded into it within its last second (three times `wal_writer_delay`).
const RECORDS_KEPT: usize = 4_096;
/// The most records in memory. An index that lags further behind has to catch up before streams
/// that it lacks can be loaded.
const RECORDS_MAX: usize = 131_072;
/// The most bytes of records in memory (128 MiB).
const BYTES_MAX: usize = 128 << 20;

#[derive(Debug, Default)]
pub(crate) struct Tail {
    /// Batches as they were folded; they are dropped whole.
    batches: VecDeque<Arc<[Folded]>>,
    records: usize,
    bytes: usize,
    /// The index is known to have everything up to here.
    indexed: Option<Position>,
}

impl Tail {
    pub(crate) fn push(&mut self, batch: &Arc<[Folded]>) {
        self.bytes = self.bytes.saturating_add(bytes_of(batch));
        self.records = self.records.saturating_add(batch.len());
        self.batches.push_back(Arc::clone(batch));
        self.trim();
    }

    /// Notes that the index has reached `position`.
    pub(crate) fn indexed(&mut self, position: Position) {
        self.indexed = self.indexed.max(Some(position));
    }

    /// Appends the events of `stream` after `checkpoint`; false where the tail does not reach back
    /// that far.
    pub(crate) fn append_to(
        &self,
        events: &mut Vec<StreamEvent>,
        stream: &StreamName,
        checkpoint: Position,
    ) -> bool {
        let reaches_back = self
            .batches
            .front()
            .and_then(|batch| batch.first())
            .is_some_and(|first| first.position <= checkpoint.next());
        let begin = self.batches.partition_point(|batch| last_position(batch) <= Some(checkpoint));
        let records = self.batches.iter().skip(begin).flat_map(|batch| batch.iter());
        for record in records.filter(|record| record.position > checkpoint) {
            for (index, (name, event)) in record.events.iter().enumerate() {
                if name == stream {
                    events.push(StreamEvent {
                        position: record.position,
                        index,
                        at: record.ledger_time,
                        event: event.clone(),
                    });
                }
            }
        }
        reaches_back
    }

    /// The batches from the one with `position` on; nothing where the tail does not reach back that
    /// far.
    pub(crate) fn since(&self, position: Position) -> Option<Vec<Arc<[Folded]>>> {
        let begin = self.batches.partition_point(|batch| last_position(batch) < Some(position));
        let first = self.batches.get(begin)?.first()?;
        (first.position <= position).then(|| self.batches.iter().skip(begin).cloned().collect())
    }

    fn trim(&mut self) {
        while let Some(oldest) = self.batches.front() {
            let is_indexed = last_position(oldest) <= self.indexed;
            let is_over = self.records > RECORDS_MAX
                || self.bytes > BYTES_MAX
                || (self.records > RECORDS_KEPT && is_indexed);
            if !is_over {
                break;
            }
            self.bytes = self.bytes.saturating_sub(bytes_of(oldest));
            self.records = self.records.saturating_sub(oldest.len());
            self.batches.pop_front();
        }
    }
}

fn bytes_of(batch: &[Folded]) -> usize {
    batch.iter().map(|record| record.bytes.len()).sum()
}

fn last_position(batch: &[Folded]) -> Option<Position> {
    batch.last().map(|record| record.position)
}
