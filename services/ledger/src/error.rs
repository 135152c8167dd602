//! Why the ledger does not answer.

use std::time::Duration;

use fullmakt_eventlog::ReadError;
use fullmakt_events::{FoldError, GenesisError, LedgerId, Position};

/// Why the process has to stop: what it reads is not the ledger that it folded, or not one at all.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The log does not begin with the genesis of this ledger.
    #[error("the log cannot be folded")]
    Genesis(#[source] GenesisError),
    /// A commit has an event that this release does not know.
    #[error("the ledger holds what this release cannot read")]
    Fold(#[source] FoldError),
    /// The log was truncated, recreated, or has a gap.
    #[error("the log is not the one that was read before")]
    Log(#[source] ReadError),
    /// The record at a position is not the one that was folded there.
    #[error("the record at position {position} is not the one that was folded there")]
    HashMismatch {
        /// The position.
        position: Position,
    },
    /// A checkpoint belongs to another ledger.
    #[error("the checkpoint is of ledger `{checkpoint}`, and the log is ledger `{log}`")]
    OtherLedger {
        /// The ledger of the checkpoint.
        checkpoint: LedgerId,
        /// The ledger of the log.
        log: LedgerId,
    },
}

/// Why there is no answer now. Asking again later may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// Nothing was decided in time.
    #[error("no decision was reached in time")]
    NotDecided,
    /// The decision was sent to the log, and whether it took effect is not known yet. The process
    /// goes on until it is. A caller who used an idempotency key can ask again with it.
    #[error("it is not known yet whether the command took effect")]
    InDoubt,
    /// The log cannot be reached. The command has no effect.
    #[error("the log cannot be reached")]
    LogAway,
    /// The read models cannot be reached.
    #[error("the read models cannot be reached")]
    IndexAway,
    /// The process is stopping.
    #[error("the process is stopping")]
    Stopping,
}

impl Unavailable {
    /// When to ask again.
    #[must_use]
    pub const fn retry_after(self) -> Duration {
        match self {
            Self::NotDecided | Self::LogAway | Self::IndexAway | Self::Stopping => {
                Duration::from_secs(1)
            }
            Self::InDoubt => Duration::from_secs(5),
        }
    }
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CommandError<R> {
    /// A rule forbids it.
    #[error("the command is refused")]
    Refused(R),
    /// No answer now.
    #[error("there is no answer now")]
    Unavailable(#[source] Unavailable),
    /// The commit would be larger than a record may be. Nothing was written.
    #[error("the command needs {bytes} bytes in the ledger, more than a record may have")]
    TooLarge {
        /// The bytes that it would need.
        bytes: usize,
    },
    /// A defect of this program: the commit cannot be expressed.
    #[error("the commit cannot be expressed")]
    Inconsistent(#[source] fullmakt_events::EncodeError),
}

impl<R> From<Unavailable> for CommandError<R> {
    fn from(unavailable: Unavailable) -> Self {
        Self::Unavailable(unavailable)
    }
}
