//! Which rows are not the same in two generations of the tables.

use fullmakt_events::{Position, Timestamp, admission::COMMANDS_REMEMBERED_SECONDS};
use tokio_postgres::Client;

use crate::{DatabaseError, ReadSchema, column::Column, column::get};

const DIFFERING_ROWS: &str = include_str!("sql/differing_rows.sql");
const ROWS_OF_INTERVALS: &str = include_str!("sql/rows_of_intervals.sql");
const ROWS_OF_RECORDS: &str = include_str!("sql/rows_of_records.sql");
const ROWS_OF_STREAMS: &str = include_str!("sql/rows_of_streams.sql");
const ROWS_OF_EVENTS: &str = include_str!("sql/rows_of_events.sql");
const ROWS_OF_COMMAND_EVENTS: &str = include_str!("sql/rows_of_command_events.sql");

/// A row that is not as the ledger gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowDifference {
    /// Which row, for people.
    pub key: String,
    /// What is wrong with it.
    pub state: RowState,
    /// The columns that have another value, where the row is there.
    pub columns: Vec<String>,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// The ledger gives it, and it is not there.
    Missing,
    /// It is there, and the ledger does not give it.
    Surplus,
    /// It is there with other values.
    Different,
}

impl RowState {
    /// In one word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Surplus => "surplus",
            Self::Different => "different",
        }
    }
}

/// The first rows of a table of the live schema that are not as in another one, at a position that
/// both have reached.
pub(crate) async fn differing_rows(
    client: &Client,
    other: &ReadSchema,
    table: &str,
    (position, live_at): (Position, Timestamp),
    rows_max: u32,
) -> Result<Vec<RowDifference>, DatabaseError> {
    let rows_of = match table {
        "ledger_records" => ROWS_OF_RECORDS,
        "ledger_streams" => ROWS_OF_STREAMS,
        "ledger_events" => ROWS_OF_EVENTS,
        "ledger_command_events" => ROWS_OF_COMMAND_EVENTS,
        _ => ROWS_OF_INTERVALS,
    };
    let rows_in = |schema: &ReadSchema| schema.in_text(rows_of).replace("{table}", table);
    let text = DIFFERING_ROWS
        .replace("{held}", &rows_in(&ReadSchema::live()))
        .replace("{made}", &rows_in(other));
    let commands_since = live_at.plus_seconds(-COMMANDS_REMEMBERED_SECONDS).to_pg();
    let rows = client
        .query(&text, &[&position.to_pg(), &i64::from(rows_max), &commands_since])
        .await
        .map_err(|error| DatabaseError::of("differing_rows", error))?;
    rows.iter()
        .map(|row| {
            let state: String = get(row, "state")?;
            let columns = row
                .try_get("columns")
                .map_err(|error| DatabaseError::inconsistency("columns", error))?;
            Ok(RowDifference {
                key: get(row, "key")?,
                state: match state.as_str() {
                    "missing" => RowState::Missing,
                    "surplus" => RowState::Surplus,
                    _ => RowState::Different,
                },
                columns,
            })
        })
        .collect()
}
