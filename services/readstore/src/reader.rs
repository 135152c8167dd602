//! A reader: one moment of the read models.

use deadpool_postgres::Object;
use fullmakt_events::Position;
use fullmakt_projections::{Checkpoint, Statement, Version, checkpoint};
use futures::FutureExt;
use tokio_postgres::{Row, types::ToSql};

use crate::{
    DatabaseError,
    checkpoints::CheckpointRow,
    column::Column,
    table::{Table, read_version},
};

/// Most rows of one page. A page asked for is cut to this.
pub const PAGE_ROWS_MAX: u32 = 1000;

/// Begins a transaction that sees one moment, and keeps a rebuilt schema from being put in place of
/// this one meanwhile.
pub(crate) const BEGIN: &str = include_str!("sql/begin_reading.sql");
pub(crate) const END: &str = include_str!("sql/end_reading.sql");

/// Why a question has no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ReadError {
    /// Nothing has been folded yet.
    #[error("nothing of the ledger has been folded yet")]
    NothingFolded,
    /// The question is as of a position that has not been folded yet.
    #[error("position {asked} is not reached yet; the read models are at {reached}")]
    NotYet {
        /// The position asked about.
        asked: Position,
        /// The position of the read models.
        reached: Position,
    },
    /// The database.
    #[error("the read models cannot be read")]
    Database(
        #[from]
        #[source]
        DatabaseError,
    ),
}

/// Reads the read models as of the checkpoint at which it began, or as of any position before.
///
/// It holds a connection. All of its questions are answered from one moment, also while the
/// projector goes on.
#[derive(Debug)]
pub struct Reader {
    moment: Moment,
    checkpoint: Checkpoint,
}

/// A session that may be in the midst of a transaction, which ends with this: also where whoever
/// asked is gone before the transaction has begun. Left open, the session would show whoever gets
/// it next the moment of this transaction.
#[derive(Debug)]
struct Moment(Object);

impl Reader {
    pub(crate) async fn begin(client: Object) -> Result<Self, ReadError> {
        let error = DatabaseError::from_statement(checkpoint::READ);
        let statement = client.prepare_cached(checkpoint::READ.text).await.map_err(&error)?;
        let moment = Moment(client);
        let Moment(client) = &moment;
        let rows =
            futures::try_join!(client.batch_execute(BEGIN), client.query_one(&statement, &[]));
        let ((), row) = rows.map_err(error)?;
        let checkpoint = CheckpointRow::read(&row)?.checkpoint.ok_or(ReadError::NothingFolded)?;
        Ok(Self { moment, checkpoint })
    }

    /// The checkpoint that it reads at.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The position that it reads at.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.checkpoint.position
    }

    /// The position that a question is about, as the database compares it.
    pub(crate) fn as_of(&self, as_of: Option<Position>) -> Result<i64, ReadError> {
        let reached = self.position();
        match as_of {
            Some(asked) if asked > reached => Err(ReadError::NotYet { asked, reached }),
            Some(asked) => Ok(asked.to_pg()),
            None => Ok(reached.to_pg()),
        }
    }

    pub(crate) async fn query(
        &self,
        statement: Statement,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, ReadError> {
        let error = DatabaseError::from_statement(statement);
        let Moment(client) = &self.moment;
        let prepared = client.prepare_cached(statement.text).await.map_err(&error)?;
        Ok(client.query(&prepared, parameters).await.map_err(&error)?)
    }

    pub(crate) async fn versions<T: Table>(
        &self,
        statement: Statement,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Version<T::Row>>, ReadError> {
        let rows = self.query(statement, parameters).await?;
        Ok(rows.iter().map(read_version::<T>).collect::<Result<_, _>>()?)
    }

    /// The first version found. Where there can be several, the statement says which is first.
    pub(crate) async fn version<T: Table>(
        &self,
        statement: Statement,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Option<Version<T::Row>>, ReadError> {
        Ok(self.versions::<T>(statement, parameters).await?.into_iter().next())
    }
}

impl Drop for Moment {
    /// Ends the transaction without waiting for the answer: the statement is sent when its future
    /// is polled first, and whoever gets the connection next speaks after it.
    fn drop(&mut self) {
        let _ = self.0.batch_execute(END).now_or_never();
    }
}

/// How many rows a page may have.
pub(crate) fn page_rows(limit: u32) -> i64 {
    i64::from(limit.clamp(1, PAGE_ROWS_MAX))
}
