//! The admission rule: a pure function from the ledger so far and the next record to a verdict.
//!
//! Kafka has no conditional append. A commit therefore names the position it was decided as of and
//! the streams it read, and everyone who folds the ledger applies this rule alike.

mod restore;
mod streams;

use crate::{
    FORMAT, GrammarError, LedgerId, LedgerRecord, Position, StreamKey, StreamName, Timestamp, codec,
};
pub use restore::{RestoreError, Restoring};
use streams::LastWrites;

/// How much ledger time may pass between a decision and its admission, in seconds.
pub const STALE_AFTER_SECONDS: i64 = 30;

/// How long the stream of an idempotency key is remembered, in seconds of ledger time.
pub const COMMANDS_REMEMBERED_SECONDS: i64 = 24 * 60 * 60;

/// What the rule says of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Its events count, in order, at `(position, index)`.
    Admitted,
    /// A stream that it read was written after the position it was decided as of.
    Superseded {
        /// The first such stream.
        stream: StreamName,
    },
    /// Too much ledger time has passed since it was decided.
    Stale,
    /// No valid record of this ledger. Without effect for everyone alike.
    Void(VoidReason),
}

impl Verdict {
    /// The verdict in one word, as metrics and the read models have it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Admitted => "admitted",
            Self::Superseded { .. } => "superseded",
            Self::Stale => "stale",
            Self::Void(_) => "void",
        }
    }
}

/// Why a record is void.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VoidReason {
    /// The envelope is not what the format's grammar allows.
    #[error("the envelope breaks the format's grammar")]
    Grammar(#[source] GrammarError),
    /// The record is meant for another ledger.
    #[error("the record is meant for ledger `{0}`")]
    OtherLedger(LedgerId),
    /// A genesis that is not at position 0.
    #[error("a genesis is valid at position 0 only")]
    GenesisElsewhere,
    /// A commit that says it was decided as of its own position or a later one.
    #[error("decided as of {as_of}, which is not before its own position")]
    AsOfNotBefore {
        /// The position it names.
        as_of: Position,
    },
}

/// Why a ledger cannot be folded at all. The process stops with the reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GenesisError {
    /// The first record is not a genesis.
    #[error("the first record of the log is no genesis of a ledger")]
    NotGenesis,
    /// The first record is not at position 0.
    #[error("the log begins at position {0}, so that its beginning is missing")]
    BeginningMissing(Position),
    /// A format that this release cannot read.
    #[error("the ledger has format {0}, which this release does not know")]
    UnknownFormat(u32),
    /// The ledger has another name than the configuration says.
    #[error("the ledger is named `{found}`, and the configuration says `{expected}`")]
    OtherName {
        /// The name in the genesis.
        found: String,
        /// The name in the configuration.
        expected: String,
    },
}

/// The state of the rule: the ledger up to a position, as far as verdicts depend on it.
#[derive(Debug, Clone)]
pub struct Admission {
    ledger: LedgerId,
    position: Position,
    ledger_time: Timestamp,
    last_writes: LastWrites,
}

impl Admission {
    /// Begins with the record at position 0.
    ///
    /// # Errors
    /// When that is not the genesis of the ledger named `name` in a format known here.
    pub fn begin(
        position: Position,
        append_time: Timestamp,
        bytes: &[u8],
        name: &str,
    ) -> Result<Self, GenesisError> {
        if position != Position::GENESIS {
            return Err(GenesisError::BeginningMissing(position));
        }
        let Ok(LedgerRecord::Genesis(genesis)) = codec::decode(bytes) else {
            return Err(GenesisError::NotGenesis);
        };
        if genesis.format != FORMAT {
            return Err(GenesisError::UnknownFormat(genesis.format));
        }
        if genesis.name != name {
            return Err(GenesisError::OtherName { found: genesis.name, expected: name.to_owned() });
        }
        Ok(Self {
            ledger: genesis.ledger,
            position,
            ledger_time: append_time,
            last_writes: LastWrites::default(),
        })
    }

    /// Judges the record at the next position, and folds it.
    ///
    /// Records are given once each and in order; who reads the log sees to that.
    pub fn judge(
        &mut self,
        append_time: Timestamp,
        record: &Result<LedgerRecord, GrammarError>,
    ) -> Verdict {
        self.position = self.position.next();
        self.ledger_time = self.ledger_time.max(append_time);
        self.last_writes.forget_before(self.ledger_time.plus_seconds(-COMMANDS_REMEMBERED_SECONDS));
        let verdict = self.verdict(record);
        if let (Verdict::Admitted, Ok(LedgerRecord::Commit(commit))) = (&verdict, record) {
            for event in &commit.events {
                self.last_writes.record(&event.stream, self.position, self.ledger_time);
            }
        }
        verdict
    }

    /// The ledger's id.
    #[must_use]
    pub const fn ledger(&self) -> LedgerId {
        self.ledger
    }

    /// The position of the last record judged.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.position
    }

    /// The highest append time at any position up to [`Self::position`].
    #[must_use]
    pub const fn ledger_time(&self) -> Timestamp {
        self.ledger_time
    }

    /// The position of the last admitted write to a stream, or nothing where there is none.
    #[must_use]
    pub fn last_write(&self, stream: &StreamName) -> Option<Position> {
        self.last_writes.of(stream)
    }

    /// The last admitted writes of all streams but those of commands, in no order.
    pub fn last_writes(&self) -> impl Iterator<Item = (StreamKey, Position)> {
        self.last_writes.all()
    }

    /// The writes of commands that are not forgotten, in their order: stream, position and ledger
    /// time. A commit with several events on one stream wrote it as many times.
    pub fn command_writes(&self) -> impl Iterator<Item = (StreamKey, Position, Timestamp)> {
        self.last_writes.of_commands()
    }

    fn verdict(&self, record: &Result<LedgerRecord, GrammarError>) -> Verdict {
        let commit = match record {
            Err(error) => return Verdict::Void(VoidReason::Grammar(error.clone())),
            Ok(LedgerRecord::Genesis(_)) => return Verdict::Void(VoidReason::GenesisElsewhere),
            Ok(LedgerRecord::Tick(tick)) if tick.ledger == self.ledger => {
                return Verdict::Admitted;
            }
            Ok(LedgerRecord::Tick(tick)) => {
                return Verdict::Void(VoidReason::OtherLedger(tick.ledger));
            }
            Ok(LedgerRecord::Commit(commit)) => commit,
        };
        if commit.ledger != self.ledger {
            return Verdict::Void(VoidReason::OtherLedger(commit.ledger));
        }
        if commit.as_of >= self.position {
            return Verdict::Void(VoidReason::AsOfNotBefore { as_of: commit.as_of });
        }
        if is_stale(self.ledger_time, commit.decided_at) {
            return Verdict::Stale;
        }
        let written = commit
            .reads
            .iter()
            .find(|stream| self.last_writes.of(stream).is_some_and(|at| at > commit.as_of));
        match written {
            Some(stream) => Verdict::Superseded { stream: stream.clone() },
            None => Verdict::Admitted,
        }
    }
}

/// Whether a commit decided at `decided_at` can no longer be admitted at this ledger time.
#[must_use]
pub const fn is_stale(ledger_time: Timestamp, decided_at: Timestamp) -> bool {
    ledger_time.micros_since(decided_at) > STALE_AFTER_SECONDS * 1_000_000
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
