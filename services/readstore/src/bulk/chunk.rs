//! What goes into one transaction, and the rows that it makes.

use std::{collections::HashMap, ops::Range, sync::Arc};

use fullmakt_events::{ClientId, Folded, Position, StreamName, Timestamp};
use fullmakt_projections::{
    Changes, Checkpoint,
    ledger::{Decided, EventEntry, event_entries, record_entry},
    project,
};
use tokio_postgres::types::Type;
use uuid::Uuid;

use super::{BulkLimits, copy::CopyRows, memory::Memory};
use crate::{
    DatabaseError,
    projector::{Cursor, ProjectorError, stored_key},
};

/// Records that are folded together.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    batches: Vec<(Arc<[Folded]>, Range<usize>)>,
    records: usize,
    bytes: usize,
}

impl Chunk {
    /// Adds some records of a batch.
    pub(super) fn push(&mut self, batch: Arc<[Folded]>, range: Range<usize>) {
        let records = batch.get(range.clone()).unwrap_or_default();
        self.records += records.len();
        self.bytes += records.iter().map(|record| record.bytes.len()).sum::<usize>();
        self.batches.push((batch, range));
    }

    pub(super) fn is_full(&self, limits: &BulkLimits) -> bool {
        self.records >= limits.records_max || self.bytes >= limits.bytes_max
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.records == 0
    }

    fn records(&self) -> Vec<&Folded> {
        self.batches
            .iter()
            .flat_map(|(batch, range)| batch.get(range.clone()).unwrap_or_default())
            .collect()
    }
}

/// A fold of the ledger into rows.
#[derive(Debug)]
pub(super) struct Fold {
    pub(super) cursor: Cursor,
    pub(super) memory: Memory,
    /// The ledger time before which commands are forgotten when all is folded.
    pub(super) commands_since: Timestamp,
}

/// The rows of a chunk, by table.
#[derive(Debug)]
pub(super) struct Rows {
    /// Where the fold was before.
    pub(super) left: Option<Checkpoint>,
    /// Where it is then.
    pub(super) reached: Checkpoint,
    /// The records, which have a session of their own.
    pub(super) records: CopyRows,
    /// The rows of all other tables.
    pub(super) others: Vec<(&'static str, CopyRows)>,
    /// The rows of earlier chunks that end.
    pub(super) ended: CopyRows,
}

impl Rows {
    pub(super) fn add(&mut self, table: &'static str, rows: CopyRows) {
        self.others.push((table, rows));
    }
}

impl Fold {
    /// The position that has been folded last.
    pub(super) fn position(&self) -> Option<Position> {
        self.cursor.position()
    }

    /// Folds a chunk; nothing where all of it had been folded before.
    pub(super) fn fold(&mut self, chunk: &Chunk) -> Result<Option<Rows>, ProjectorError> {
        let records = chunk.records();
        let records = self.cursor.unseen(&records)?;
        let Some(last) = records.last() else { return Ok(None) };
        let reached = self.cursor.at(last);
        let mut rows = Rows {
            left: self.cursor.checkpoint().copied(),
            reached,
            records: record_rows(records)?,
            others: Vec::new(),
            ended: CopyRows::new(),
        };
        self.fold_events(records, &mut rows)?;
        let mut changes = Changes::default();
        records.iter().flat_map(|record| project(record)).for_each(|change| changes.push(change));
        self.memory.fold(&changes, &mut rows)?;
        self.cursor.advance(reached);
        Ok(Some(rows))
    }

    fn fold_events(&mut self, records: &[&Folded], rows: &mut Rows) -> Result<(), DatabaseError> {
        let (mut events, mut command_events) = (CopyRows::new(), CopyRows::new());
        let mut written = Written::default();
        for entry in records.iter().flat_map(|record| event_entries(record)) {
            let key = entry.stream.key();
            let stored = stored_key(&key);
            if entry.stream.category() == StreamName::COMMAND {
                if entry.ledger_time >= self.commands_since {
                    let row = command_events.row().stored(&stored);
                    end_event(row, &entry)?;
                }
                continue;
            }
            let version = self.memory.next_version(&key);
            written.note(stored, version, &entry);
            end_event(events.row().stored(&stored).column(&version), &entry)?;
        }
        rows.add("ledger_events", events);
        rows.add("ledger_command_events", command_events);
        written.rows(rows)
    }
}

fn end_event(row: super::copy::CopyRow<'_>, entry: &EventEntry<'_>) -> Result<(), DatabaseError> {
    row.column(&entry.position)
        .column(&entry.index)
        .column(&entry.ledger_time)
        .text(entry.kind)
        .column(&entry.schema)
        .text(entry.data)
        .end()
}

/// The streams that a chunk writes.
#[derive(Debug, Default)]
struct Written<'r> {
    places: HashMap<Uuid, usize>,
    streams: Vec<WrittenStream<'r>>,
}

#[derive(Debug)]
struct WrittenStream<'r> {
    key: Uuid,
    name: &'r StreamName,
    is_new: bool,
    version: u64,
    position: Position,
}

impl<'r> Written<'r> {
    fn note(&mut self, key: Uuid, version: u64, entry: &EventEntry<'r>) {
        let (name, position) = (entry.stream, entry.position);
        let place = *self.places.entry(key).or_insert_with(|| {
            let is_new = version == 1;
            self.streams.push(WrittenStream { key, name, is_new, version, position });
            self.streams.len() - 1
        });
        if let Some(stream) = self.streams.get_mut(place) {
            stream.version = version;
            stream.position = position;
        }
    }

    fn rows(&self, rows: &mut Rows) -> Result<(), DatabaseError> {
        let (mut new, mut again) = (CopyRows::new(), CopyRows::new());
        for WrittenStream { key, name, is_new, version, position } in &self.streams {
            let row = if *is_new {
                new.row().stored(key).text(name.as_str())
            } else {
                again.row().stored(key)
            };
            row.column(version).column(position).end()?;
        }
        rows.add("ledger_streams", new);
        rows.add("bulk_written", again);
        Ok(())
    }
}

fn record_rows(records: &[&Folded]) -> Result<CopyRows, DatabaseError> {
    let mut rows = CopyRows::new();
    for record in records {
        let entry = record_entry(record);
        let decided = entry.decided.as_ref();
        let event_types: Vec<&str> =
            decided.iter().flat_map(|decided| &decided.event_types).map(String::as_str).collect();
        let stream_keys: Vec<Uuid> = entry.stream_keys().map(|key| stored_key(&key)).collect();
        rows.row()
            .column(&entry.position)
            .column(&entry.append_time)
            .column(&entry.ledger_time)
            .column(&entry.kind)
            .column(&entry.verdict)
            .column(&entry.reason)
            .column(&entry.commit)
            .column(&decided.map(|decided| decided.as_of))
            .column(&decided.map(|decided| decided.actor_kind))
            .column(&decided.and_then(|decided| decided.actor_org))
            .column(&decided.and_then(|decided| decided.actor_party))
            .column(&decided.and_then(|decided| decided.actor_system_user))
            .column(&decided.and_then(actor_client))
            .field(&event_types, &Type::TEXT_ARRAY)
            .field(&stream_keys, &Type::UUID_ARRAY)
            .field(&&*entry.bytes, &Type::BYTEA)
            .end()?;
    }
    Ok(rows)
}

fn actor_client(decided: &Decided) -> Option<String> {
    decided.actor_client.as_ref().map(ClientId::folded)
}
