//! How far the ledger has been folded into a schema.

use fullmakt_events::{Folded, LedgerId, Position, Timestamp};

use crate::sql::statements;

statements! { "checkpoint":
    /// Creates the table.
    CREATE = "create",
    /// Adds the one row.
    BEGIN = "begin",
    /// The checkpoint.
    READ = "read",
    /// Moves the checkpoint, if it stands where it was left.
    ADVANCE = "advance",
    /// Announces the checkpoint.
    NOTIFY = "notify",
    /// Hears of every checkpoint.
    LISTEN = "listen",
}

/// The record that a fold has come to. By the hash the fold knows its ledger again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// The ledger.
    pub ledger: LedgerId,
    /// The last position that was folded.
    pub position: Position,
    /// The ledger time there.
    pub ledger_time: Timestamp,
    /// The SHA-256 of the record there.
    pub hash: [u8; 32],
}

impl Checkpoint {
    /// The checkpoint at this record.
    #[must_use]
    pub fn at(ledger: LedgerId, folded: &Folded) -> Self {
        Self {
            ledger,
            position: folded.position,
            ledger_time: folded.ledger_time,
            hash: folded.hash(),
        }
    }
}

impl PartialEq<Folded> for Checkpoint {
    /// Whether this is the checkpoint at the record: same position, same bytes.
    fn eq(&self, folded: &Folded) -> bool {
        self.position == folded.position && self.hash == folded.hash()
    }
}
