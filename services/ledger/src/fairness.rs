//! Turns between processes: who sees others lose more often than itself gives way for a moment.

use std::collections::HashMap;

use fullmakt_events::{Folded, StreamKey, Verdict};

/// The most streams that are counted at a time. Contended streams are few; what does not fit is not
/// counted, which costs fairness for a while and nothing else.
const STREAMS_MAX: usize = 4_096;

#[derive(Debug, Default)]
pub(crate) struct Fairness {
    in_a_row: HashMap<StreamKey, InARow>,
}

/// Commits superseded on a stream since the last that was admitted, of this process and of others.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct InARow {
    own: u32,
    others: u32,
}

impl Fairness {
    /// Counts a record that was folded; `is_own` says whether this process wrote it.
    pub(crate) fn count(&mut self, record: &Folded, is_own: bool) {
        match &record.verdict {
            Verdict::Superseded { stream } => {
                let key = stream.key();
                if self.in_a_row.len() < STREAMS_MAX || self.in_a_row.contains_key(&key) {
                    let counts = self.in_a_row.entry(key).or_default();
                    let count = if is_own { &mut counts.own } else { &mut counts.others };
                    *count = count.saturating_add(1);
                }
            }
            Verdict::Admitted if self.in_a_row.is_empty() => {}
            Verdict::Admitted => {
                for (stream, _) in &record.events {
                    let key = stream.key();
                    if let Some(counts) = self.in_a_row.get_mut(&key) {
                        *(if is_own { &mut counts.own } else { &mut counts.others }) = 0;
                        if *counts == InARow::default() {
                            self.in_a_row.remove(&key);
                        }
                    }
                }
            }
            Verdict::Stale | Verdict::Void(_) => {}
        }
    }

    /// Whether nobody loses on any stream just now.
    pub(crate) fn is_quiet(&self) -> bool {
        self.in_a_row.is_empty()
    }

    /// Whether others lose more often in a row on this stream than this process, which then gives
    /// way: once, because who lost may be gone.
    pub(crate) fn give_way(&mut self, stream: StreamKey) -> bool {
        let Some(counts) = self.in_a_row.get_mut(&stream) else { return false };
        let gives_way = counts.others > counts.own;
        if gives_way {
            counts.others = counts.own;
            if *counts == InARow::default() {
                self.in_a_row.remove(&stream);
            }
        }
        gives_way
    }
}
