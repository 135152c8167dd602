//! Filling a table from another log.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{
    failure::{Failure, to_stored},
    log::{Completeness, PostgresLog},
    session::Encryption,
    settings::PostgresSettings,
};
use crate::{
    copy::{Destination, FillError},
    error::OpenError,
    log::{EventLog, Record},
};

const FILL: &str = include_str!("sql/log_fill.sql");
const MARK: &str = include_str!("sql/log_mark.sql");

/// A table that is filled from another log. While it is filled it says so (`is_complete` beside the
/// log's end), and nobody can open it as a log or append to it.
pub struct PostgresDestination {
    log: PostgresLog,
}

impl PostgresDestination {
    /// Opens the table, complete or not, over unencrypted connections. Creates it if it is missing.
    ///
    /// # Errors
    ///
    /// [`OpenError::Unavailable`].
    pub async fn open(settings: &PostgresSettings) -> Result<Self, OpenError> {
        Ok(Self { log: PostgresLog::open_as(settings, Completeness::Any).await? })
    }

    /// Opens the table over connections that this implementation of TLS encrypts, if the connection
    /// settings ask for it.
    ///
    /// # Errors
    ///
    /// As [`PostgresDestination::open`].
    pub async fn open_with_tls(
        settings: &PostgresSettings,
        tls: impl Encryption,
    ) -> Result<Self, OpenError> {
        let log = PostgresLog::open_as_with_tls(settings, tls, Completeness::Any).await?;
        Ok(Self { log })
    }

    async fn mark(&self, is_complete: Completeness) -> Result<(), OpenError> {
        let is_complete = is_complete == Completeness::Complete;
        let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 2] =
            [&self.log.incarnation(), &is_complete];
        let marked = self.log.session().query(MARK, &parameters).await?;
        if marked.is_empty() { Err(Failure::NotOurs.into()) } else { Ok(()) }
    }
}

#[async_trait]
impl Destination for PostgresDestination {
    fn log(&self) -> &dyn EventLog {
        &self.log
    }

    async fn begin(&self) -> Result<(), OpenError> {
        self.mark(Completeness::Any).await
    }

    async fn fill(&self, records: &[Record]) -> Result<(), FillError> {
        let Some(first) = records.first() else { return Ok(()) };
        let position = to_stored(first.position.get());
        let times: Vec<DateTime<Utc>> =
            records.iter().map(|record| record.append_time.to_datetime()).collect();
        let bytes: Vec<&[u8]> = records.iter().map(|record| &record.bytes[..]).collect();
        let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
            [&position, &times, &bytes, &self.log.incarnation()];
        let filled = self.log.session().query(FILL, &parameters).await;
        if !filled.map_err(FillError::unavailable)?.is_empty() {
            return Ok(());
        }
        let found = self.log.end().await.map_err(FillError::unavailable)?;
        if found == first.position {
            Err(FillError::Gone)
        } else {
            Err(FillError::Elsewhere { expected: first.position, found })
        }
    }

    async fn finish(&self) -> Result<(), OpenError> {
        self.mark(Completeness::Complete).await
    }
}
