//! Following the table.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use fullmakt_events::{Position, Timestamp};
use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};

use super::{
    failure::{Failure, to_limit, to_number, to_stored},
    log::{Bounds, Incarnation},
    session::Session,
};
use crate::{
    error::ReadError,
    log::{LogReader, ReadLimits, Record},
};

const READ: &str = include_str!("sql/log_read.sql");
const LISTEN: &str = include_str!("sql/log_listen.sql");

/// The longest a reader waits for a notification before it looks by itself. Notifications are
/// not lost on a connection that stands, so this only bounds how late a broken one is noticed.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// A reader on a connection of its own, because that is what notifications come to.
pub(super) struct PostgresReader {
    session: Session,
    notifications: watch::Receiver<u64>,
    incarnation: Incarnation,
    position: Position,
    limits: ReadLimits,
}

impl PostgresReader {
    pub(super) async fn start(
        session: Session,
        incarnation: Incarnation,
        position: Position,
        limits: ReadLimits,
    ) -> Result<Self, Failure> {
        session.execute_all(LISTEN).await?;
        let notifications = session.notifications();
        Ok(Self { session, notifications, incarnation, position, limits })
    }

    async fn batch(&self) -> Result<Vec<Record>, ReadError> {
        let from = to_stored(self.position.get());
        let (records, bytes) = (to_limit(self.limits.records_max), to_limit(self.limits.bytes_max));
        let rows =
            self.session.query(READ, &[&from, &records, &bytes, &&*self.incarnation]).await?;
        let mut batch = Vec::with_capacity(rows.len());
        let mut expected = self.position;
        for row in rows {
            let record = to_record(&row)?;
            if record.position != expected {
                Bounds::ask(&self.session, &self.incarnation).await?.check(expected)?;
                return Err(ReadError::Gap { expected, found: record.position });
            }
            expected = expected.next();
            batch.push(record);
        }
        Ok(batch)
    }
}

#[async_trait]
impl LogReader for PostgresReader {
    async fn next(&mut self, wait: Duration) -> Result<Vec<Record>, ReadError> {
        let now = Instant::now();
        let deadline = now.checked_add(wait).unwrap_or(now);
        loop {
            // Before the read, so that what is appended during it is not waited for in vain.
            self.notifications.mark_unchanged();
            let batch = self.batch().await?;
            if let Some(last) = batch.last() {
                self.position = last.position.next();
                return Ok(batch);
            }
            Bounds::ask(&self.session, &self.incarnation).await?.check(self.position)?;
            let now = Instant::now();
            if now >= deadline {
                return Ok(batch);
            }
            let look_again = now.checked_add(LOOK_AGAIN).unwrap_or(deadline).min(deadline);
            // A notification, the time to look, or a connection that ended, as the next read
            // will find: look again.
            let _ = timeout_at(look_again, self.notifications.changed()).await;
        }
    }

    fn position(&self) -> Position {
        self.position
    }
}

fn to_record(row: &tokio_postgres::Row) -> Result<Record, Failure> {
    Ok(Record {
        position: Position::new(to_number("records", row.try_get(0)?)?),
        append_time: Timestamp::from(row.try_get::<_, DateTime<Utc>>(1)?),
        bytes: Bytes::from(row.try_get::<_, Vec<u8>>(2)?),
    })
}
