//! Why a projector does not go on.

use fullmakt_events::{LedgerId, Position};

use crate::DatabaseError;

/// Why a projector does not go on. Only two of these are met by trying again:
/// [`Self::Fenced`] and a [`Self::Database`] that is not available.
#[derive(Debug, thiserror::Error)]
pub enum ProjectorError {
    /// The tables were folded from another ledger.
    #[error("the tables hold ledger `{expected}`, and the log is of ledger `{found}`")]
    OtherLedger {
        /// The log's ledger.
        found: LedgerId,
        /// The ledger of the tables.
        expected: LedgerId,
    },
    /// Another record stands at the checkpoint than was folded there.
    #[error("the record at position {position} is not the one that the tables were folded from")]
    OtherRecord {
        /// The checkpoint's position.
        position: Position,
    },
    /// The log lacks what was folded.
    #[error("the tables are at position {checkpoint}, and the log ends before position {end}")]
    LogEndsBefore {
        /// The checkpoint's position.
        checkpoint: Position,
        /// The position after the log's last record.
        end: Position,
    },
    /// Records were left out.
    #[error("the record at position {expected} comes next, and the one at {found} was given")]
    Discontinuity {
        /// The position that comes next.
        expected: Position,
        /// The position that was given.
        found: Position,
    },
    /// The checkpoint is not where this projector left it: another one is at work.
    #[error("another projector has moved the checkpoint")]
    Fenced {
        /// The position where this projector left the checkpoint.
        left: Option<Position>,
        /// The position where it is.
        found: Option<Position>,
    },
    /// The checkpoint is further back than this projector left it, or on another history.
    #[error("the tables were taken back or replaced by those of another history")]
    TakenBack {
        /// The position where this projector left the checkpoint.
        left: Option<Position>,
        /// The position where it is.
        found: Option<Position>,
    },
    /// The schema was made by another release, or is not there.
    #[error("the schema of the read models is not one of this release")]
    UnknownSchema,
    /// The database.
    #[error("the tables cannot be written")]
    Database(
        #[from]
        #[source]
        DatabaseError,
    ),
}
