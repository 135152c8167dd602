//! What every table of a read model can do: be read, and be moved on by a batch of changes.

use std::collections::HashMap;

use deadpool_postgres::Transaction;
use fullmakt_events::Position;
use fullmakt_projections::{Advance, EntityKey, Keyed, ReadModel, Version, advance, intervals};
use tokio_postgres::{Row, types::ToSql};

use crate::{
    DatabaseError,
    column::{Column, DriverValue, get},
};

/// What `to_position` holds while a row still does.
const STILL: i64 = i64::MAX;

/// A read model, as far as PostgreSQL is concerned.
pub(crate) trait Table: ReadModel {
    /// Tells the columns that follow the interval, in the order of the table.
    fn columns<C: Columns<Self::Row>>(columns: C) -> C;

    /// Reads a row.
    fn read(row: &Row) -> Result<Self::Row, DatabaseError>;
}

/// What is told the columns of a table.
pub(crate) trait Columns<R> {
    /// Takes the next column.
    fn column<P: DriverValue>(self, value: impl Fn(&R) -> P) -> Self;
}

/// Rows turned into columns: one array a column.
struct Arrays<'a, R> {
    rows: &'a [(EntityKey, Version<R>)],
    arrays: Vec<Box<dyn ToSql + Send + Sync>>,
}

impl<R> Columns<R> for Arrays<'_, R> {
    fn column<P: DriverValue>(mut self, value: impl Fn(&R) -> P) -> Self {
        let values: Vec<P> = self.rows.iter().map(|(_, version)| value(&version.row)).collect();
        self.arrays.push(Box::new(values));
        self
    }
}

impl<'a, R> Arrays<'a, R> {
    fn of_intervals(rows: &'a [(EntityKey, Version<R>)]) -> Self {
        let entities: Vec<_> = rows.iter().map(|(entity, _)| entity.to_pg()).collect();
        let from: Vec<_> = rows.iter().map(|(_, version)| version.from.to_pg()).collect();
        let to: Vec<_> = rows.iter().map(|(_, version)| stored_end(version)).collect();
        Self { rows, arrays: vec![Box::new(entities), Box::new(from), Box::new(to)] }
    }
}

/// The position that ended a row, as the database has it.
pub(crate) fn stored_end<R>(version: &Version<R>) -> i64 {
    version.to.map_or(STILL, |to| to.to_pg())
}

/// Reads a row with its interval.
pub(crate) fn read_version<T: Table>(row: &Row) -> Result<Version<T::Row>, DatabaseError> {
    let to = match get::<i64>(row, "to_position")? {
        STILL => None,
        to => Some(
            Position::from_pg(to)
                .map_err(|cause| DatabaseError::inconsistency("to_position", cause))?,
        ),
    };
    Ok(Version { from: get(row, "from_position")?, to, row: T::read(row)? })
}

/// Folds a batch of changes into a table.
pub(crate) async fn write<T: Table>(
    transaction: &Transaction<'_>,
    changes: &[Keyed<T::Change>],
) -> Result<(), DatabaseError> {
    if changes.is_empty() {
        return Ok(());
    }
    let current = load::<T>(transaction, changes).await?;
    let Advance { ended, begun } = advance::<T>(current, changes);
    futures::try_join!(close::<T>(transaction, &ended), insert::<T>(transaction, &begun))?;
    Ok(())
}

async fn load<T: Table>(
    transaction: &Transaction<'_>,
    changes: &[Keyed<T::Change>],
) -> Result<HashMap<EntityKey, T::Row>, DatabaseError> {
    let mut entities: Vec<_> = changes.iter().map(|keyed| keyed.entity.to_pg()).collect();
    entities.sort_unstable();
    entities.dedup();
    let error = DatabaseError::from_statement(T::LOAD);
    let statement = transaction.prepare_cached(T::LOAD.text).await.map_err(&error)?;
    let rows = transaction.query(&statement, &[&entities]).await.map_err(&error)?;
    rows.iter().map(|row| Ok((get(row, "entity")?, T::read(row)?))).collect()
}

async fn close<T: Table>(
    transaction: &Transaction<'_>,
    ended: &[(EntityKey, Position)],
) -> Result<(), DatabaseError> {
    if ended.is_empty() {
        return Ok(());
    }
    let entities: Vec<_> = ended.iter().map(|(entity, _)| entity.to_pg()).collect();
    let positions: Vec<_> = ended.iter().map(|(_, position)| position.to_pg()).collect();
    let error = DatabaseError::from_statement(intervals::CLOSE);
    let text = intervals::CLOSE.text.replace(intervals::TABLE, T::NAME);
    let statement = transaction.prepare_cached(&text).await.map_err(&error)?;
    let actual = transaction.execute(&statement, &[&entities, &positions]).await.map_err(&error)?;
    if usize::try_from(actual) != Ok(ended.len()) {
        return Err(DatabaseError::rows_affected(intervals::CLOSE, ended.len(), actual));
    }
    Ok(())
}

async fn insert<T: Table>(
    transaction: &Transaction<'_>,
    begun: &[(EntityKey, Version<T::Row>)],
) -> Result<(), DatabaseError> {
    if begun.is_empty() {
        return Ok(());
    }
    let columns = T::columns(Arrays::of_intervals(begun));
    let error = DatabaseError::from_statement(T::INSERT);
    let statement = transaction.prepare_cached(T::INSERT.text).await.map_err(&error)?;
    let parameters: Vec<&(dyn ToSql + Sync)> =
        columns.arrays.iter().map(|array| &**array as &(dyn ToSql + Sync)).collect();
    transaction.execute(&statement, &parameters).await.map_err(&error)?;
    Ok(())
}
