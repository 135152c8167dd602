//! The log and topics in PostgreSQL: the embedded variant, for a machine that has nothing else.
//!
//! *Why there are no gaps and nothing comes late*: an append is one statement that locks the row
//! with the log's end, assigns positions, inserts, and is committed by the server itself. The next
//! append gets the lock when the commit can be seen, so positions are assigned and become visible
//! in the same order. A sequence would give neither.
//!
//! *Why appends are batched*: every commit waits for the disk. Appends that come while one commit
//! is under way go into the next statement together.
//!
//! Servers that may take over after a failure have to be in `synchronous_standby_names`; otherwise
//! they can lack acknowledged records, and those who had read these stop when they find out.

mod appender;
mod destination;
mod failure;
mod log;
mod reader;
mod session;
mod settings;
mod topics;

pub use destination::PostgresDestination;
pub use log::PostgresLog;
pub use session::Encryption;
pub use settings::PostgresSettings;
pub use topics::PostgresTopics;
