//! The ledger in one process: one folder that reads the log, judges each record and feeds every
//! fold, and the writer that decides on what was folded and appends what was decided.
//!
//! *Architecture invariant:* nobody in the process acts on anything but what the folder has read
//! back from the log, the writer included.

mod attempt;
mod command;
mod error;
mod fairness;
mod fold;
mod folder;
mod heartbeat;
mod histories;
mod history;
mod index;
mod metering;
mod settle;
mod snapshot;
mod state;
mod tail;
mod turns;
mod writer;

pub use attempt::Attempt;
pub use command::{Command, Decided, Executed, Issuer};
pub use error::{CommandError, LedgerError, Unavailable};
pub use fold::Fold;
pub use folder::{Folder, LedgerSettings, open};
pub use history::History;
pub use index::{IndexSnapshot, IndexUnavailable, LedgerIndex, MemoryIndex, StreamEvent};
pub use snapshot::{Snapshot, open_at};
pub use state::{Ledger, Progress};

#[cfg(test)]
mod tests;
