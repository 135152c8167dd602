//! Turns between processes: who sees others lose more often than itself gives way for a moment.

use std::collections::{HashMap, VecDeque};

use fullmakt_events::{Commit, CommitId, Folded, StreamKey, Verdict};

/// The most streams that are counted at a time. Contended streams are few; beyond that counting
/// begins anew, which costs fairness for a while and nothing else.
const STREAMS_MAX: usize = 4_096;
/// How many commits are remembered, so that their copies do not count as losses.
const COMMITS_REMEMBERED: usize = 256;

#[derive(Debug, Default)]
pub(crate) struct Fairness {
    in_a_row: HashMap<StreamKey, InARow>,
    judged: VecDeque<CommitId>,
}

/// Commits superseded on a stream since the last that was admitted, of this process and of others.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct InARow {
    own: u32,
    others: u32,
    /// For how many of the others' this process has given way.
    given_way: u32,
}

impl Fairness {
    /// Counts a commit that was folded; `is_own` says whether this process wrote it.
    pub(crate) fn count(&mut self, record: &Folded, commit: &Commit, is_own: bool) {
        match &record.verdict {
            Verdict::Superseded { stream } if !self.judged.contains(&commit.id) => {
                if self.in_a_row.len() >= STREAMS_MAX {
                    self.in_a_row.clear();
                }
                let counts = self.in_a_row.entry(stream.key()).or_default();
                let count = if is_own { &mut counts.own } else { &mut counts.others };
                *count = count.saturating_add(1);
            }
            Verdict::Admitted if !self.in_a_row.is_empty() => {
                for (stream, _) in &record.events {
                    self.wins(stream.key(), is_own);
                }
            }
            Verdict::Admitted | Verdict::Superseded { .. } | Verdict::Stale | Verdict::Void(_) => {}
        }
        self.judged.push_back(commit.id);
        if self.judged.len() > COMMITS_REMEMBERED {
            self.judged.pop_front();
        }
    }

    fn wins(&mut self, stream: StreamKey, is_own: bool) {
        let Some(counts) = self.in_a_row.get_mut(&stream) else { return };
        if is_own {
            counts.own = 0;
        } else {
            (counts.others, counts.given_way) = (0, 0);
        }
        if *counts == InARow::default() {
            self.in_a_row.remove(&stream);
        }
    }

    /// Whether nobody loses on any stream just now.
    pub(crate) fn is_quiet(&self) -> bool {
        self.in_a_row.is_empty()
    }

    /// How often others lost in a row on this stream more than this process, if that calls for
    /// giving way. It does once a loss, because who lost may be gone.
    pub(crate) fn give_way(&mut self, stream: StreamKey) -> Option<u32> {
        let counts = self.in_a_row.get_mut(&stream)?;
        let more = counts.others.saturating_sub(counts.own);
        if more == 0 || counts.others <= counts.given_way {
            return None;
        }
        counts.given_way = counts.others;
        Some(more)
    }
}
