//! Comparing the live schema with the ledger, without changing it.
//!
//! The ledger is folded from its beginning into a schema beside the live one, both are compared
//! at one position, and the new one is dropped.

use std::collections::HashMap;

use fullmakt_events::{Admission, Position};
use futures::{TryStreamExt, pin_mut};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::{
    BulkLimits, Checksum, Database, DatabaseError, ProjectorLimits, ReadSchema, RebuildError,
    RebuildProgress, RecordSource, RowDifference,
    column::get,
    differences::differing_rows,
    filling::{Feed, Filling, create, fetch},
    migrate,
    projector::stored_key,
    rebuild::compare,
};

const LAST_WRITES: &str = include_str!("sql/last_writes.sql");

/// How to verify.
#[derive(Debug, Clone, Copy)]
pub struct VerifyOptions {
    /// What bounds a transaction.
    pub limits: ProjectorLimits,
    /// How many rows of a table are named.
    pub rows_max: u32,
}

/// What a verification came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyReport {
    /// The position at which was compared.
    pub position: Position,
    /// Whether the live checkpoint is the one that the ledger gives.
    pub is_checkpoint_equal: bool,
    /// All tables.
    pub tables: Vec<TableComparison>,
    /// The admission rule's own state: where each stream was written last.
    pub admission: Option<AdmissionComparison>,
}

/// A table, as it is and as the ledger gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableComparison {
    /// Its name.
    pub table: &'static str,
    /// As it is.
    pub live: Option<Checksum>,
    /// As the ledger gives it.
    pub folded: Option<Checksum>,
    /// The first rows that are not the same.
    pub rows: Vec<RowDifference>,
}

/// The state of the admission rule, compared with the index that has it in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmissionComparison {
    /// How many streams it knows.
    pub streams: usize,
    /// The streams whose last write is not the same.
    pub differing: Vec<String>,
}

impl VerifyReport {
    /// Whether everything is as the ledger gives it.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.is_checkpoint_equal
            && self.tables.iter().all(TableComparison::is_equal)
            && self.admission.as_ref().is_none_or(|admission| admission.differing.is_empty())
    }
}

impl TableComparison {
    /// Whether all rows are the same.
    #[must_use]
    pub fn is_equal(&self) -> bool {
        self.live == self.folded
    }
}

/// Folds the ledger from its beginning, and compares.
///
/// # Errors
/// See [`RebuildError`]. That something differs is no error but in the report.
pub async fn verify(
    database: &Database,
    source: &mut impl RecordSource,
    options: VerifyOptions,
    progress: &mut (dyn FnMut(RebuildProgress) + Send),
) -> Result<VerifyReport, RebuildError> {
    // Held until the end: nobody swaps or migrates meanwhile.
    let mut client = migrate::lock(database).await?;
    let made = ReadSchema::verified();
    made.drop_from(&client).await?;
    let bulk = BulkLimits::default();
    create(database, &mut client, &made, &bulk).await?;
    let mut feed = Feed::begin(source).await?;
    let limits = (options.limits, bulk);
    let mut filling = Filling::open(database, &made, &mut feed, limits, progress).await?;
    let goal = filling.fill(&mut feed, database, progress).await?;
    let is_checkpoint_equal = filling.checkpoint() == Some(&goal);
    let position = goal.position;
    progress(RebuildProgress::Comparing { position });
    let tables = tables(database, &client, &made, position, options.rows_max).await?;
    // The rule's state is that after all that was told.
    filling.apply(feed.rest()).await?;
    let admission = match feed.source().admission() {
        Some(admission) => Some(compare_admission(&client, &made, admission).await?),
        None => None,
    };
    made.drop_from(&client).await?;
    Ok(VerifyReport { position, is_checkpoint_equal, tables, admission })
}

async fn tables(
    database: &Database,
    client: &Client,
    made: &ReadSchema,
    position: Position,
    rows_max: u32,
) -> Result<Vec<TableComparison>, RebuildError> {
    let (folded, live) = compare(database, made, position).await?;
    let differing = folded.differences(&live);
    let mut tables = Vec::new();
    let names = folded.tables.keys().chain(live.tables.keys());
    let names: std::collections::BTreeSet<&'static str> = names.copied().collect();
    for table in names {
        let rows = if differing.contains(&table) {
            let live_at = fetch(database, &ReadSchema::live()).await?;
            let live_at = live_at.map(|at| at.ledger_time).unwrap_or_default();
            differing_rows(client, made, table, (position, live_at), rows_max).await?
        } else {
            Vec::new()
        };
        tables.push(TableComparison {
            table,
            live: live.tables.get(table).cloned(),
            folded: folded.tables.get(table).cloned(),
            rows,
        });
    }
    Ok(tables)
}

/// Compares the rule's last writes with those that the index of the folded schema has: the fold's
/// two ways to the same facts.
async fn compare_admission(
    client: &Client,
    made: &ReadSchema,
    admission: &Admission,
) -> Result<AdmissionComparison, RebuildError> {
    let mut last_writes: HashMap<Uuid, Position> =
        admission.last_writes().map(|(key, position)| (stored_key(&key), position)).collect();
    let streams = last_writes.len();
    let mut differing = Vec::new();
    let error = |error| DatabaseError::of("last_writes", error);
    let none: [&str; 0] = [];
    let rows = client.query_raw(&made.in_text(LAST_WRITES), none).await.map_err(error)?;
    pin_mut!(rows);
    while let Some(row) = rows.try_next().await.map_err(error)? {
        let key: Uuid = get(&row, "stream_key")?;
        if last_writes.remove(&key) != Some(get(&row, "position")?) {
            differing.push(get(&row, "stream")?);
        }
    }
    differing.extend(last_writes.into_keys().map(|key| key.to_string()));
    Ok(AdmissionComparison { streams, differing })
}
