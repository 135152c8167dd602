//! What the folder feeds.

use fullmakt_events::Folded;

/// A fold of the ledger in memory.
///
/// It is given every record once, in order, before the process says that it has folded it.
pub trait Fold: Send + Sync {
    /// Takes the next records. They are never empty, and follow on those before.
    fn apply(&mut self, records: &[Folded]);
}
