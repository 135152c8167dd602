//! A record with its verdict: what every fold of the ledger is given.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::{
    Admission, Event, EventError, LedgerRecord, Position, StreamName, Timestamp, Verdict, decode,
};

/// A record of the ledger with its verdict.
#[derive(Debug, Clone)]
pub struct Folded {
    /// Where it stands.
    pub position: Position,
    /// When it was appended, by the log's clock.
    pub append_time: Timestamp,
    /// The highest append time up to this position: the time that as-of questions mean.
    pub ledger_time: Timestamp,
    /// The record's bytes.
    pub bytes: Arc<[u8]>,
    /// What the admission rule says of it.
    pub verdict: Verdict,
    /// The record, unless its bytes are none.
    pub record: Option<LedgerRecord>,
    /// The events that count: those of an admitted commit, in order. Others have none.
    pub events: Vec<(StreamName, Event)>,
}

/// Why a ledger cannot be folded further. The process stops: to go on would be to guess.
#[derive(Debug, thiserror::Error)]
#[error("event {index} of the commit at position {position} cannot be read")]
pub struct FoldError {
    /// The commit's position.
    pub position: Position,
    /// The event's index in the commit.
    pub index: usize,
    /// What is wrong with it.
    #[source]
    pub source: EventError,
}

impl Folded {
    /// Judges the next record and reads its events where they count.
    ///
    /// # Errors
    /// When the commit is admitted and has an event that this release cannot read.
    pub fn fold(
        admission: &mut Admission,
        append_time: Timestamp,
        bytes: &[u8],
    ) -> Result<Self, FoldError> {
        let record = decode(bytes);
        let verdict = admission.judge(append_time, &record);
        let position = admission.position();
        let events = match (&verdict, &record) {
            (Verdict::Admitted, Ok(LedgerRecord::Commit(commit))) => commit
                .events
                .iter()
                .enumerate()
                .map(|(index, event)| {
                    Event::decode(&event.kind, event.schema, &event.data)
                        .map(|decoded| (event.stream.clone(), decoded))
                        .map_err(|source| FoldError { position, index, source })
                })
                .collect::<Result<_, _>>()?,
            (
                Verdict::Admitted | Verdict::Superseded { .. } | Verdict::Stale | Verdict::Void(_),
                _,
            ) => Vec::new(),
        };
        Ok(Self {
            position,
            append_time,
            ledger_time: admission.ledger_time(),
            bytes: bytes.into(),
            verdict,
            record: record.ok(),
            events,
        })
    }

    /// The genesis, which [`Admission::begin`] has judged.
    #[must_use]
    pub fn genesis(admission: &Admission, append_time: Timestamp, bytes: &[u8]) -> Self {
        Self {
            position: admission.position(),
            append_time,
            ledger_time: admission.ledger_time(),
            bytes: bytes.into(),
            verdict: Verdict::Admitted,
            record: decode(bytes).ok(),
            events: Vec::new(),
        }
    }

    /// The SHA-256 of the record's bytes: by it a checkpoint knows its ledger again.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        record_hash(&self.bytes)
    }
}

/// The SHA-256 of a record's bytes.
#[must_use]
pub fn record_hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
