//! Checksums of whole tables, by which a rebuilt schema is compared with the one it replaces.

use std::collections::BTreeMap;

use fullmakt_events::{Position, Timestamp, admission::COMMANDS_REMEMBERED_SECONDS};
use fullmakt_projections::{Checkpoint, Statement, TABLES, intervals, ledger};
use tokio_postgres::{Client, types::ToSql};

use crate::{
    Database, DatabaseError, ReadSchema,
    checkpoints::CheckpointRow,
    column::{Column, get},
    database::Session,
};

/// The checksum of every table of a schema, as of one position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksums {
    /// The position that the tables are digested at; nothing where nothing has been folded.
    pub position: Option<Position>,
    /// By the table's name.
    pub tables: BTreeMap<&'static str, Checksum>,
}

/// The checksum of a table: equal if and only if the rows are, in all columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checksum {
    /// How many rows.
    pub rows: u64,
    /// An MD5 of MD5s of the rows, hexadecimal. It finds differences, not forgers.
    pub digest: String,
}

impl Checksums {
    /// The tables whose rows are not the same.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let tables = self.tables.keys().chain(other.tables.keys());
        let mut differing: Vec<_> = tables
            .copied()
            .filter(|table| self.tables.get(table) != other.tables.get(table))
            .collect();
        differing.sort_unstable();
        differing.dedup();
        differing
    }
}

/// Digests all tables of a schema as they were at a position that it has reached, or as they are.
pub async fn checksums(
    database: &Database,
    schema: &ReadSchema,
    at: Option<Position>,
) -> Result<Checksums, DatabaseError> {
    checksums_since(database, schema, at, None).await
}

/// As [`checksums`], without the commands that were forgotten at a later ledger time.
pub(crate) async fn checksums_since(
    database: &Database,
    schema: &ReadSchema,
    at: Option<Position>,
    forgotten_at: Option<Timestamp>,
) -> Result<Checksums, DatabaseError> {
    // One statement may take minutes on a nation's tables.
    let mut client = database.connect(Session::Filling(schema)).await?;
    let error = |error| DatabaseError::of("checksums", error);
    let transaction = client
        .build_transaction()
        .isolation_level(tokio_postgres::IsolationLevel::RepeatableRead)
        .read_only(true)
        .start()
        .await
        .map_err(error)?;
    let client = transaction.client();
    let checkpoint = CheckpointRow::fetch(client).await?.and_then(|row| row.checkpoint);
    let Some(Checkpoint { position: reached, ledger_time, .. }) = checkpoint else {
        return Ok(Checksums { position: None, tables: BTreeMap::new() });
    };
    let position = at.map_or(reached, |at| at.min(reached));
    let commands_since = forgotten_at
        .unwrap_or(ledger_time)
        .max(ledger_time)
        .plus_seconds(-COMMANDS_REMEMBERED_SECONDS);
    let mut tables = BTreeMap::new();
    for (table, statement) in [
        ("ledger_records", ledger::CHECKSUM_RECORDS),
        ("ledger_streams", ledger::CHECKSUM_STREAMS),
        ("ledger_events", ledger::CHECKSUM_EVENTS),
    ] {
        tables
            .insert(table, digest(client, statement, statement.text, &[&position.to_pg()]).await?);
    }
    let statement = ledger::CHECKSUM_COMMAND_EVENTS;
    let parameters: [&(dyn ToSql + Sync); 2] = [&position.to_pg(), &commands_since.to_pg()];
    let commands = digest(client, statement, statement.text, &parameters).await?;
    tables.insert("ledger_command_events", commands);
    for (table, _) in TABLES {
        let text = intervals::CHECKSUM.text.replace(intervals::TABLE, table);
        let checksum = digest(client, intervals::CHECKSUM, &text, &[&position.to_pg()]).await?;
        tables.insert(*table, checksum);
    }
    Ok(Checksums { position: Some(position), tables })
}

async fn digest(
    client: &Client,
    statement: Statement,
    text: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Result<Checksum, DatabaseError> {
    let row = client
        .query_one(text, parameters)
        .await
        .map_err(DatabaseError::from_statement(statement))?;
    Ok(Checksum { rows: get(&row, "rows")?, digest: get(&row, "digest")? })
}
