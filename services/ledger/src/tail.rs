//! The newest records in memory, which bridge the gap between the index and the fold.

use std::{collections::VecDeque, sync::Arc};

use fullmakt_events::{Folded, Position, StreamName};

use crate::StreamEvent;

/// How many records stay in memory even if the index has them.
const RECORDS_KEPT: usize = 1_024;
/// The most records in memory. An index that lags further behind has to catch up before streams
/// that it lacks can be loaded.
const RECORDS_MAX: usize = 131_072;
/// The most bytes of records in memory (128 MiB).
const BYTES_MAX: usize = 128 << 20;

#[derive(Debug, Default)]
pub(crate) struct Tail {
    records: VecDeque<Arc<Folded>>,
    bytes: usize,
    /// The index is known to have everything up to here.
    indexed: Option<Position>,
}

impl Tail {
    pub(crate) fn extend(&mut self, records: &[Arc<Folded>]) {
        for record in records {
            self.bytes = self.bytes.saturating_add(record.bytes.len());
            self.records.push_back(Arc::clone(record));
        }
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
        let reaches_back =
            self.records.front().is_some_and(|first| first.position <= checkpoint.next());
        let begin = self.records.partition_point(|record| record.position <= checkpoint);
        for record in self.records.iter().skip(begin) {
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

    fn trim(&mut self) {
        let is_over = |tail: &Self| {
            let is_indexed = tail.records.front().map(|first| first.position) <= tail.indexed;
            tail.records.len() > RECORDS_MAX
                || tail.bytes > BYTES_MAX
                || (tail.records.len() > RECORDS_KEPT && is_indexed)
        };
        while is_over(self) {
            let Some(first) = self.records.pop_front() else { break };
            self.bytes = self.bytes.saturating_sub(first.bytes.len());
        }
    }
}
