//! Giving full tables their keys and indexes.

use deadpool_postgres::{Pool, Transaction};
use fullmakt_events::Timestamp;
use fullmakt_projections::{Statement, intervals, ledger};
use futures::{StreamExt, TryStreamExt, stream};
use tokio_postgres::GenericClient;

use crate::{
    DatabaseError,
    column::{Column, get},
    schema::indexes,
};

const TABLES: &str = include_str!("sql/tables.sql");
const TABLE_DONE: &str = include_str!("sql/table_done.sql");
const END_ROWS: &str = include_str!("sql/end_rows.sql");
const ADVANCE_STREAMS: &str = include_str!("sql/advance_streams.sql");
const MORE_MEMORY: &str = include_str!("sql/more_memory.sql");
const ANALYZE: &str = include_str!("sql/analyze.sql");
const DROP: &str = include_str!("sql/drop.sql");

/// How much memory a session may sort an index in. More than the usual 64 MB spares it a merge.
const INDEX_MEMORY: &str = "256MB";

/// How many sessions are at work at once.
pub(super) const SESSIONS: usize = 2;

/// The tables that have no keys and indexes yet.
pub(super) async fn tables(client: &impl GenericClient) -> Result<Vec<String>, DatabaseError> {
    let error = |error| DatabaseError::of("bulk/tables", error);
    let rows = client.query(TABLES, &[]).await.map_err(error)?;
    rows.iter().map(|row| get(row, "name")).collect()
}

/// Makes the tables what they are without a bulk fill. Each table is one transaction, so that what
/// is done stays done.
pub(super) async fn finish(pool: &Pool, commands_since: Timestamp) -> Result<(), DatabaseError> {
    let remaining = tables(&**pool.get().await?).await?;
    let finishing: Vec<_> = indexes()
        .filter(|(table, _)| remaining.iter().any(|name| name == table))
        .map(|(table, index)| finish_table(pool, table, index, commands_since))
        .collect();
    stream::iter(finishing).buffer_unordered(SESSIONS).try_collect::<()>().await?;
    run(&**pool.get().await?, "bulk/drop", DROP).await
}

async fn finish_table(
    pool: &Pool,
    table: &'static str,
    index: Statement,
    commands_since: Timestamp,
) -> Result<(), DatabaseError> {
    let mut client = pool.get().await?;
    let error = |error| DatabaseError::of("bulk/finish", error);
    let transaction = client.transaction().await.map_err(error)?;
    complete_rows(&transaction, table, commands_since).await?;
    transaction.execute(MORE_MEMORY, &[&INDEX_MEMORY]).await.map_err(error)?;
    run(&*transaction, index.name, index.text).await?;
    run(&*transaction, "bulk/analyze", &ANALYZE.replace(intervals::TABLE, table)).await?;
    transaction.execute(TABLE_DONE, &[&table]).await.map_err(error)?;
    transaction.commit().await.map_err(error)
}

/// Brings rows that were written before the end to what they are there.
async fn complete_rows(
    transaction: &Transaction<'_>,
    table: &str,
    commands_since: Timestamp,
) -> Result<(), DatabaseError> {
    match table {
        "ledger_records" | "ledger_events" => Ok(()),
        "ledger_streams" => run(&**transaction, "bulk/advance_streams", ADVANCE_STREAMS).await,
        "ledger_command_events" => {
            let forget = ledger::FORGET_COMMAND_EVENTS;
            let forgotten = transaction.execute(forget.text, &[&commands_since.to_pg()]).await;
            forgotten.map(drop).map_err(DatabaseError::from_statement(forget))
        }
        _ => run(&**transaction, "bulk/end_rows", &END_ROWS.replace(intervals::TABLE, table)).await,
    }
}

async fn run(
    client: &impl GenericClient,
    name: &'static str,
    text: &str,
) -> Result<(), DatabaseError> {
    client.batch_execute(text).await.map_err(|error| DatabaseError::of(name, error))
}
