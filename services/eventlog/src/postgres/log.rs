//! The log as a table.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use fullmakt_events::Position;

use super::{
    appender::{Appender, Batch},
    failure::{Failure, to_number},
    reader::PostgresReader,
    session::{Connector, Encryption, Session, SharedSession},
    settings::PostgresSettings,
};
use crate::{
    error::{AppendError, OpenError, ReadError},
    log::{EventLog, LogReader, ReadLimits},
};

const EXISTS: &str = include_str!("sql/log_exists.sql");
const SCHEMA: &str = include_str!("sql/log_schema.sql");
const APPEND: &str = include_str!("sql/log_append.sql");
const BOUNDS: &str = include_str!("sql/log_bounds.sql");
const INCARNATION: &str = include_str!("sql/log_incarnation.sql");

/// The log of a ledger in PostgreSQL: schema `fullmakt_log`, one log per database.
pub struct PostgresLog {
    connector: Connector,
    appender: Appender<LogBatch>,
    session: SharedSession,
    incarnation: Incarnation,
}

/// Which of the logs that were in a database one after the other is meant: a UUID as text.
pub(super) type Incarnation = Arc<str>;

/// What a log has to be in order to be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Completeness {
    /// Not one that is being filled from another.
    Complete,
    /// Complete or not.
    Any,
}

impl PostgresLog {
    /// Opens the log over unencrypted connections. Creates its tables if they are missing.
    ///
    /// # Errors
    ///
    /// [`OpenError::Unfit`] while it is filled from another, and [`OpenError::Unavailable`].
    pub async fn open(settings: &PostgresSettings) -> Result<Self, OpenError> {
        Self::open_as(settings, Completeness::Complete).await
    }

    pub(super) async fn open_as(
        settings: &PostgresSettings,
        needed: Completeness,
    ) -> Result<Self, OpenError> {
        Self::open_with(Connector::plain(settings), needed).await
    }

    /// Opens the log over connections that this implementation of TLS encrypts, if the
    /// connection settings ask for it.
    ///
    /// # Errors
    ///
    /// As [`PostgresLog::open`].
    pub async fn open_with_tls(
        settings: &PostgresSettings,
        tls: impl Encryption,
    ) -> Result<Self, OpenError> {
        Self::open_as_with_tls(settings, tls, Completeness::Complete).await
    }

    pub(super) async fn open_as_with_tls(
        settings: &PostgresSettings,
        tls: impl Encryption,
        needed: Completeness,
    ) -> Result<Self, OpenError> {
        Self::open_with(Connector::with_tls(settings, tls), needed).await
    }

    /// Whether the log has been created. Creates nothing.
    ///
    /// # Errors
    ///
    /// [`OpenError::Unavailable`].
    pub async fn exists_with_tls(
        settings: &PostgresSettings,
        tls: impl Encryption,
    ) -> Result<bool, OpenError> {
        Ok(exists(&Connector::with_tls(settings, tls).connect().await?, EXISTS).await?)
    }

    async fn open_with(connector: Connector, needed: Completeness) -> Result<Self, OpenError> {
        let session = SharedSession::new(connector.clone(), None);
        create_missing(&*session.get().await?, EXISTS, SCHEMA).await?;
        let rows = session.query(INCARNATION, &[]).await?;
        let row = rows.first().ok_or(Failure::RowMissing { table: "log_end" })?;
        let incarnation: Incarnation = row.try_get::<_, &str>(0).map_err(Failure::from)?.into();
        let is_complete: bool = row.try_get(1).map_err(Failure::from)?;
        if needed == Completeness::Complete && !is_complete {
            return Err(OpenError::Unfit {
                name: "fullmakt_log.log_end".to_owned(),
                setting: "is_complete".to_owned(),
                found: "false".to_owned(),
                required: "true".to_owned(),
            });
        }
        let batch = LogBatch { incarnation: Arc::clone(&incarnation) };
        let appender = Appender::start(connector.clone(), batch);
        Ok(Self { connector, appender, session, incarnation })
    }

    pub(super) fn incarnation(&self) -> &str {
        &self.incarnation
    }

    pub(super) fn session(&self) -> &SharedSession {
        &self.session
    }

    async fn bounds(&self) -> Result<Bounds, ReadError> {
        Bounds::of(&self.session.query(BOUNDS, &[]).await?, &self.incarnation)
    }
}

#[async_trait]
impl EventLog for PostgresLog {
    async fn append(&self, bytes: Bytes) -> Result<Position, AppendError> {
        AppendError::check_size(&bytes)?;
        self.appender.append(bytes).await
    }

    async fn reader(
        &self,
        from: Position,
        limits: ReadLimits,
    ) -> Result<Box<dyn LogReader>, ReadError> {
        self.bounds().await?.check(from)?;
        let session = self.connector.connect().await?;
        let incarnation = Arc::clone(&self.incarnation);
        Ok(Box::new(PostgresReader::start(session, incarnation, from, limits).await?))
    }

    async fn end(&self) -> Result<Position, ReadError> {
        Ok(self.bounds().await?.end)
    }

    async fn start(&self) -> Result<Position, ReadError> {
        Ok(self.bounds().await?.start)
    }
}

/// Creates tables that are missing.
pub(super) async fn create_missing(
    session: &Session,
    exists: &'static str,
    schema: &'static str,
) -> Result<(), Failure> {
    if self::exists(session, exists).await? { Ok(()) } else { session.execute_all(schema).await }
}

async fn exists(session: &Session, statement: &'static str) -> Result<bool, Failure> {
    match session.query(statement, &[]).await?.first() {
        Some(row) => Ok(row.try_get(0)?),
        None => Ok(false),
    }
}

/// Where the log begins and ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    start: Position,
    end: Position,
}

impl Bounds {
    fn of(rows: &[tokio_postgres::Row], incarnation: &str) -> Result<Self, ReadError> {
        let row = rows.first().ok_or(Failure::RowMissing { table: "log_end" })?;
        if row.try_get::<_, &str>(2).map_err(Failure::from)? != incarnation {
            return Err(ReadError::Replaced);
        }
        let number = |index| row.try_get(index).map_err(Failure::from);
        Ok(Self {
            start: Position::new(to_number("records", number(0)?)?),
            end: Position::new(to_number("log_end", number(1)?)?),
        })
    }

    /// Asks on a reader's own connection.
    pub(super) async fn ask(session: &Session, incarnation: &str) -> Result<Self, ReadError> {
        Self::of(&session.query(BOUNDS, &[]).await?, incarnation)
    }

    /// Refuses a position that the log does not hold and that is not its end.
    pub(super) fn check(self, from: Position) -> Result<(), ReadError> {
        let Self { start, end } = self;
        if from < start {
            return Err(ReadError::TruncatedBelow { from, start });
        }
        if from > end {
            return Err(ReadError::BeyondEnd { from, end });
        }
        Ok(())
    }
}

/// Appends to the log.
struct LogBatch {
    incarnation: Incarnation,
}

#[async_trait]
impl Batch for LogBatch {
    type Record = Bytes;
    type Place = Position;

    fn size_bytes(record: &Bytes) -> usize {
        record.len()
    }

    async fn prepare(&self, session: &Session) -> Result<(), Failure> {
        session.statement(APPEND).await.map(drop)
    }

    async fn append(&self, session: &Session, records: &[Bytes]) -> Result<Vec<Position>, Failure> {
        let bytes: Vec<&[u8]> = records.iter().map(|record| &record[..]).collect();
        let rows = session.query(APPEND, &[&bytes, &&*self.incarnation]).await?;
        let row = rows.first().ok_or(Failure::NotOurs)?;
        let first = to_number("log_end", row.try_get(0)?)?;
        Ok((first..).take(records.len()).map(Position::new).collect())
    }
}
