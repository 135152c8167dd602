//! The state of the admission rule as the ledger index has it, so that a process can go on where
//! the index is.

use fullmakt_events::{Admission, Position, RestoreError, Restoring, StreamKey, Timestamp};
use fullmakt_projections::Checkpoint;
use futures::{TryStreamExt, pin_mut};
use tokio_postgres::{
    Client,
    binary_copy::{BinaryCopyOutRow, BinaryCopyOutStream},
    types::Type,
};
use uuid::Uuid;

use crate::{
    Database, DatabaseError, ReadSchema,
    checkpoints::CheckpointRow,
    column::Column,
    database::Session,
    reader::{BEGIN, END},
};

const STREAMS: &str = include_str!("sql/snapshot_streams.sql");
const COMMANDS: &str = include_str!("sql/snapshot_commands.sql");

/// The state of the admission rule after the record at a checkpoint.
#[derive(Debug, Clone)]
pub struct AdmissionSnapshot {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// The state there.
    pub admission: Admission,
}

/// Reads the state of the admission rule from the live schema, all of one moment; nothing where
/// this release has folded nothing.
///
/// Rows are taken as they come: apart from the state itself little memory is needed.
///
/// # Errors
/// When the database is not available, or what it has is no state of the rule.
pub async fn admission_snapshot(
    database: &Database,
) -> Result<Option<AdmissionSnapshot>, DatabaseError> {
    // A session of its own, whose statements may take as long as all streams need.
    let client = database.connect(Session::Scanning(&ReadSchema::live())).await?;
    let error = |error| DatabaseError::of("begin_reading", error);
    client.batch_execute(BEGIN).await.map_err(error)?;
    let row = CheckpointRow::fetch(&client).await?.filter(CheckpointRow::is_known);
    let Some(checkpoint) = row.and_then(|row| row.checkpoint) else { return Ok(None) };
    let admission = read(&client, &checkpoint).await?;
    client.batch_execute(END).await.map_err(|error| DatabaseError::of("end_reading", error))?;
    Ok(Some(AdmissionSnapshot { checkpoint, admission }))
}

async fn read(client: &Client, checkpoint: &Checkpoint) -> Result<Admission, DatabaseError> {
    let mut restoring =
        Admission::restore(checkpoint.ledger, checkpoint.position, checkpoint.ledger_time);
    let columns = [Type::UUID, Type::INT8];
    for_each(client, ("snapshot_streams", STREAMS), &columns, |row| {
        restoring.last_write(key(row)?, position(row)?).map_err(inconsistent)
    })
    .await?;
    let columns = [Type::UUID, Type::INT8, Type::TIMESTAMPTZ];
    for_each(client, ("snapshot_commands", COMMANDS), &columns, |row| {
        command_write(&mut restoring, row)
    })
    .await?;
    Ok(restoring.finish())
}

fn command_write(restoring: &mut Restoring, row: &BinaryCopyOutRow) -> Result<(), DatabaseError> {
    let time: Timestamp = value(row, 2, "ledger_time")?;
    restoring.command_write(key(row)?, position(row)?, time).map_err(inconsistent)
}

/// Takes every row that a statement copies out.
async fn for_each(
    client: &Client,
    (name, statement): (&'static str, &str),
    columns: &[Type],
    mut take: impl FnMut(&BinaryCopyOutRow) -> Result<(), DatabaseError>,
) -> Result<(), DatabaseError> {
    let error = |error| DatabaseError::of(name, error);
    let copied = client.copy_out(statement).await.map_err(error)?;
    let rows = BinaryCopyOutStream::new(copied, columns);
    pin_mut!(rows);
    while let Some(row) = rows.try_next().await.map_err(error)? {
        take(&row)?;
    }
    Ok(())
}

fn key(row: &BinaryCopyOutRow) -> Result<StreamKey, DatabaseError> {
    let key: Uuid = value(row, 0, "stream_key")?;
    Ok(StreamKey::from_bytes(key.into_bytes()))
}

fn position(row: &BinaryCopyOutRow) -> Result<Position, DatabaseError> {
    value(row, 1, "position")
}

fn value<C: Column>(
    row: &BinaryCopyOutRow,
    place: usize,
    column: &'static str,
) -> Result<C, DatabaseError> {
    let value: C::Pg =
        row.try_get(place).map_err(|error| DatabaseError::inconsistency(column, error))?;
    C::from_pg(value).map_err(|cause| DatabaseError::inconsistency(column, cause))
}

fn inconsistent(error: RestoreError) -> DatabaseError {
    DatabaseError::inconsistency("position", error)
}
