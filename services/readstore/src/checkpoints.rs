//! The checkpoint as PostgreSQL has it.

use fullmakt_projections::{Checkpoint, checkpoint};
use tokio_postgres::{GenericClient, Row};

use crate::{
    DatabaseError,
    column::{Column, get},
    schema::shape,
};

/// The checkpoint row: what schema this is, and how far the ledger has been folded into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CheckpointRow {
    shape: Vec<u8>,
    /// Nothing where nothing has been folded.
    pub(crate) checkpoint: Option<Checkpoint>,
}

impl CheckpointRow {
    /// Whether this release made the schema, or one that makes the same.
    pub(crate) fn is_known(&self) -> bool {
        self.shape == shape()
    }

    pub(crate) fn read(row: &Row) -> Result<Self, DatabaseError> {
        Ok(Self {
            shape: get(row, "shape")?,
            checkpoint: read_checkpoint(row, "position", "ledger_time")?,
        })
    }

    /// Reads the row by a client whose `search_path` is the schema; nothing where there is none.
    pub(crate) async fn fetch(client: &impl GenericClient) -> Result<Option<Self>, DatabaseError> {
        let row = client
            .query_opt(checkpoint::READ.text, &[])
            .await
            .map_err(DatabaseError::from_statement(checkpoint::READ))?;
        row.as_ref().map(Self::read).transpose()
    }
}

/// Reads a checkpoint from columns, of which two may have names of their own.
pub(crate) fn read_checkpoint(
    row: &Row,
    position: &'static str,
    ledger_time: &'static str,
) -> Result<Option<Checkpoint>, DatabaseError> {
    let Some(ledger) = get(row, "ledger")? else { return Ok(None) };
    let hash: Vec<u8> = get(row, "hash")?;
    Ok(Some(Checkpoint {
        ledger,
        position: get(row, position)?,
        ledger_time: get(row, ledger_time)?,
        hash: hash.as_slice().try_into().map_err(|error: std::array::TryFromSliceError| {
            DatabaseError::inconsistency("hash", error)
        })?,
    }))
}

/// What stands for a checkpoint before anything was folded.
pub(crate) const NOTHING: i64 = -1;

/// The position as the database compares it.
pub(crate) fn stored_position(checkpoint: Option<&Checkpoint>) -> i64 {
    checkpoint.map_or(NOTHING, |checkpoint| checkpoint.position.to_pg())
}
