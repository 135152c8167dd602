//! Reading: the ledger index for those who decide, and the read models for everyone else.

use std::collections::HashMap;

use deadpool_postgres::Pool;
use fullmakt_events::{
    Event, Position, StreamName, Timestamp, admission::COMMANDS_REMEMBERED_SECONDS,
};
use fullmakt_projections::{Checkpoint, ledger};
use serde_json::value::RawValue;
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{
    Database, DatabaseError, ReadError, ReadSchema, Reader,
    checkpoints::{CheckpointRow, read_checkpoint},
    column::get,
    database::Session,
    projector::stored_key,
};

/// How long commands are remembered, in microseconds of ledger time.
const COMMANDS_REMEMBERED_MICROS: i64 = COMMANDS_REMEMBERED_SECONDS * 1_000_000;

/// The live read models and ledger index.
#[derive(Debug, Clone)]
pub struct ReadStore {
    pool: Pool,
}

/// The events of some streams, all as of one checkpoint.
#[derive(Debug, Clone)]
pub struct IndexSnapshot {
    /// What has been folded into the index; nothing where nothing has.
    pub checkpoint: Option<Checkpoint>,
    /// The events of each stream in their order. A stream without events is left out.
    pub events: HashMap<StreamName, Vec<IndexedEvent>>,
}

/// An event of the ledger index.
#[derive(Debug, Clone)]
pub struct IndexedEvent {
    /// The position of its commit.
    pub position: Position,
    /// Its index in the commit.
    pub index: u32,
    /// Which of the stream's events it is, counted from 1; of a command stream, which of those
    /// that are still remembered.
    pub version: u64,
    /// The ledger time there.
    pub ledger_time: Timestamp,
    /// The event, in the newest schema.
    pub event: Event,
}

impl ReadStore {
    /// The live schema of this database.
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub fn open(database: &Database) -> Result<Self, DatabaseError> {
        Self::open_in(database, &ReadSchema::live())
    }

    pub(crate) fn open_in(database: &Database, schema: &ReadSchema) -> Result<Self, DatabaseError> {
        let connections_max = database.settings().connections_max;
        Ok(Self { pool: database.pool_of(Session::Reading(schema), connections_max)? })
    }

    /// Begins to read, at the checkpoint as it is now. All that the reader reads is of one moment.
    ///
    /// # Errors
    /// When the database is not available, or nothing has been folded yet.
    pub async fn reader(&self) -> Result<Reader, ReadError> {
        Reader::begin(self.pool.get().await.map_err(DatabaseError::from)?).await
    }

    /// Begins to read at a checkpoint that is not before `least`.
    ///
    /// What a [`CheckpointWatch`](crate::CheckpointWatch) has seen may be gone: a database that
    /// crashes takes the last of what was folded back.
    ///
    /// # Errors
    /// Also when the checkpoint is before that.
    pub async fn reader_at_least(&self, least: Position) -> Result<Reader, ReadError> {
        let reader = self.reader().await?;
        let reached = reader.position();
        if reached < least {
            return Err(ReadError::NotYet { asked: least, reached });
        }
        Ok(reader)
    }

    /// How far the ledger has been folded; nothing where nothing has.
    pub async fn checkpoint(&self) -> Result<Option<Checkpoint>, DatabaseError> {
        let client = self.pool.get().await?;
        Ok(CheckpointRow::fetch(&**client).await?.and_then(|row| row.checkpoint))
    }

    /// The events of some streams, all as of one checkpoint. Streams of commands have those events
    /// that are not forgotten there.
    ///
    /// # Errors
    /// When the database is not available, or an event cannot be read by this release.
    pub async fn load_streams(
        &self,
        streams: &[StreamName],
    ) -> Result<IndexSnapshot, DatabaseError> {
        let names: HashMap<Uuid, &StreamName> =
            streams.iter().map(|stream| (stored_key(&stream.key()), stream)).collect();
        let keys: Vec<Uuid> = names.keys().copied().collect();
        let error = DatabaseError::from_statement(ledger::LOAD_STREAMS);
        let client = self.pool.get().await?;
        let statement = client.prepare_cached(ledger::LOAD_STREAMS.text).await.map_err(&error)?;
        let rows = client
            .query(&statement, &[&keys, &COMMANDS_REMEMBERED_MICROS])
            .await
            .map_err(&error)?;
        let mut snapshot = IndexSnapshot { checkpoint: None, events: HashMap::new() };
        for row in &rows {
            snapshot.checkpoint =
                read_checkpoint(row, "checkpoint_position", "checkpoint_ledger_time")?;
            let Some(key) = get::<Option<Uuid>>(row, "stream_key")? else { continue };
            if let Some(stream) = names.get(&key) {
                let events = snapshot.events.entry((*stream).clone()).or_default();
                events.push(read_event(row)?);
            }
        }
        Ok(snapshot)
    }
}

fn read_event(row: &Row) -> Result<IndexedEvent, DatabaseError> {
    let data: String = get(row, "data")?;
    let data =
        RawValue::from_string(data).map_err(|error| DatabaseError::inconsistency("data", error))?;
    let kind: String = get(row, "type")?;
    let event = Event::decode(&kind, get(row, "schema")?, &data)
        .map_err(|error| DatabaseError::inconsistency("data", error))?;
    Ok(IndexedEvent {
        position: get(row, "position")?,
        index: get(row, "index")?,
        version: get(row, "version")?,
        ledger_time: get(row, "ledger_time")?,
        event,
    })
}
