//! The whole ledger judged by the design's text alone, and what was told to clients held against
//! it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fullmakt_eventlog::Record;
use fullmakt_events::{Commit, LedgerRecord, Position, StreamName, decode};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::command::Seen;

/// The ledger as it is, once all is over.
pub(super) struct Truth {
    pub(super) verdicts: Vec<&'static str>,
    /// For each stream the positions of its events.
    events: HashMap<StreamName, Vec<Position>>,
    /// For each token where it was carried out.
    tokens: HashMap<String, BTreeSet<Position>>,
}

/// What a command of the tests says in its events.
#[derive(Deserialize)]
struct Answered {
    body_hash: String,
    answer: Answer,
}

#[derive(Deserialize)]
struct Answer {
    body: Body,
}

#[derive(Deserialize)]
struct Body {
    seen: Seen,
    loaded: Vec<StreamName>,
}

impl Truth {
    /// Judges all records, and checks the laws on the way.
    pub(super) fn of(records: &[Record]) -> Self {
        let mut truth =
            Self { verdicts: Vec::new(), events: HashMap::new(), tokens: HashMap::new() };
        let ledger = match decode(&records[0].bytes) {
            Ok(LedgerRecord::Genesis(genesis)) => genesis.ledger,
            other => panic!("{other:?}"),
        };
        let mut judged = BTreeMap::new();
        let mut ledger_time = records[0].append_time;
        for record in records {
            ledger_time = ledger_time.max(record.append_time);
            let verdict = match decode(&record.bytes) {
                Ok(LedgerRecord::Genesis(_)) if record.position == Position::GENESIS => "admitted",
                Ok(LedgerRecord::Tick(tick)) if tick.ledger == ledger => "admitted",
                Ok(LedgerRecord::Commit(commit)) if commit.ledger == ledger => {
                    let verdict = if ledger_time.micros_since(commit.decided_at) > 30_000_000 {
                        "stale"
                    } else if commit.reads.iter().any(|read| truth.last(read) > Some(commit.as_of))
                    {
                        "superseded"
                    } else {
                        "admitted"
                    };
                    let earlier = judged.insert(commit.id.uuid(), verdict);
                    assert!(
                        verdict != "admitted" || earlier.is_none(),
                        "a copy is admitted after another was {earlier:?}"
                    );
                    if verdict == "admitted" {
                        truth.admit(record.position, &commit);
                    }
                    verdict
                }
                Ok(LedgerRecord::Genesis(_) | LedgerRecord::Tick(_) | LedgerRecord::Commit(_))
                | Err(_) => "void",
            };
            truth.verdicts.push(verdict);
        }
        truth
    }

    fn last(&self, stream: &StreamName) -> Option<Position> {
        self.events.get(stream).and_then(|positions| positions.last()).copied()
    }

    /// The events of a stream up to a position.
    fn count(&self, stream: &StreamName, until: Position) -> usize {
        self.events
            .get(stream)
            .map_or(0, |positions| positions.partition_point(|position| *position <= until))
    }

    fn admit(&mut self, position: Position, commit: &Commit) {
        let answered: Answered = serde_json::from_str(commit.events[0].data.get()).unwrap();
        let before = position.previous().unwrap();
        for (stream, seen) in &answered.answer.body.seen {
            assert_eq!(self.count(stream, before), *seen, "{stream} at {position}");
            assert!(commit.reads.contains(stream), "{stream} at {position}");
        }
        let hash = self.state_hash(&answered.answer.body.loaded);
        assert_eq!(commit.state_hash, Some(hash), "the state hash at {position}");
        for event in &commit.events {
            self.events.entry(event.stream.clone()).or_default().push(position);
        }
        self.tokens.entry(answered.body_hash).or_default().insert(position);
    }

    fn state_hash(&self, loaded: &[StreamName]) -> String {
        let mut hash = Sha256::new();
        for stream in loaded.iter().collect::<BTreeSet<_>>() {
            let last = self.events.get(stream).map(|all| (*all.last().unwrap(), all.len()));
            hash.update(format!("{stream} {last:?}\n"));
        }
        hex::encode(hash.finalize())
    }

    /// Where the command of this token was carried out.
    pub(super) fn carried_out(&self, token: &str) -> Vec<Position> {
        self.tokens.get(token).into_iter().flatten().copied().collect()
    }

    /// Whether there was a moment among these positions at which the streams were as they were seen.
    pub(super) fn was_so(&self, seen: &Seen, from: Position, until: Position) -> bool {
        let is_so =
            |at: Position| seen.iter().all(|(stream, count)| self.count(stream, at) == *count);
        (from.get()..=until.get()).any(|number| is_so(Position::new(number)))
    }

    /// How many events each stream has.
    pub(super) fn counts(&self) -> BTreeMap<StreamName, usize> {
        self.events.iter().map(|(stream, all)| (stream.clone(), all.len())).collect()
    }
}
