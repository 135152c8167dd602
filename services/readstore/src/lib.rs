//! PostgreSQL plumbing: the projector, the ledger index, and queries over the read models.
//!
//! Everything here can be made again from the ledger. Durable tables belong to other crates, which
//! get their connections here.

mod bulk;
mod checkpoints;
mod checksums;
mod column;
mod database;
mod differences;
mod error;
mod facts;
mod filling;
mod migrate;
mod projector;
mod queries;
mod read_store;
mod reader;
mod rebuild;
mod schema;
mod snapshot;
mod standing;
mod table;
mod tables;
#[cfg(feature = "testing")]
pub mod testing;
mod tls;
mod verify;
mod watch;

pub use bulk::BulkLimits;
pub use checksums::{Checksum, Checksums, checksums};
pub use database::{Database, DatabaseSettings};
pub use differences::{RowDifference, RowState};
pub use error::{Cause, DatabaseError};
pub use facts::{ServerFacts, server_facts};
pub use migrate::{MigrateError, Migrated, check_schema, migrate};
pub use projector::{Memory, Projector, ProjectorError, ProjectorLimits};
pub use queries::{CatalogueVersion, ExternalId, Order, RecordFilter, RecordRow, Reference};
pub use read_store::{IndexSnapshot, IndexedEvent, ReadStore};
pub use reader::{PAGE_ROWS_MAX, ReadError, Reader};
pub use rebuild::{
    OnDifference, RebuildError, RebuildOptions, RebuildProgress, RebuildReport, RecordSource,
    rebuild,
};
pub use schema::ReadSchema;
pub use snapshot::{AdmissionSnapshot, admission_snapshot};
pub use standing::{Standing, StandingError};
pub use tls::{Tls, TlsError, TlsMode, TlsSettings};
pub use verify::{AdmissionComparison, TableComparison, VerifyOptions, VerifyReport, verify};
pub use watch::{CheckpointWatch, NotYet};
