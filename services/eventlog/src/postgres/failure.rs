//! From what the server or the connection says to what it means.

use std::{sync::Arc, time::Duration};

use thiserror::Error;
use tokio::time::timeout;
use tokio_postgres::error::Severity;

use crate::error::{AppendError, Cause, OpenError, ReadError, TopicReadError};

/// Why there is no answer to a statement.
#[derive(Debug, Error)]
pub(super) enum Failure {
    #[error("the database or the connection to it failed")]
    Database(#[from] tokio_postgres::Error),
    #[error("the database did not answer within {} ms", .0.as_millis())]
    TimedOut(Duration),
    #[error("table `{table}` lacks the row that every log has")]
    RowMissing { table: &'static str },
    #[error("the log was deleted and another has taken its place, or it is filled from another")]
    NotOurs,
    #[error("table `{table}` holds {found}, which is no position")]
    Number { table: &'static str, found: i64 },
    #[error("the server warned, so the commit may not have reached its standbys")]
    Warned,
    #[error("there is no topic `{0}`")]
    UnknownTopic(String),
    #[error("partition {partition} of the topic is not there any more")]
    PartitionMissing { partition: i32 },
    #[error("too many appends wait for the database")]
    QueueFull,
    #[error("the appender ended before it answered")]
    AppenderGone,
}

impl Failure {
    /// What a failure of a statement that appends means for its records.
    pub(super) fn of_append(self) -> AppendError {
        let is_certain = match &self {
            Self::Database(error) => is_rolled_back(
                error.as_db_error().and_then(tokio_postgres::error::DbError::parsed_severity),
            ),
            // The statement ran and found that it had nothing to append to.
            Self::RowMissing { .. } | Self::NotOurs | Self::UnknownTopic(_) | Self::QueueFull => {
                true
            }
            Self::TimedOut(_)
            | Self::Number { .. }
            | Self::Warned
            | Self::PartitionMissing { .. }
            | Self::AppenderGone => false,
        };
        let cause: Cause = Arc::new(self);
        if is_certain { AppendError::Unavailable(cause) } else { AppendError::Unknown(cause) }
    }
}

impl From<Failure> for ReadError {
    fn from(failure: Failure) -> Self {
        Self::unavailable(failure)
    }
}

impl From<Failure> for TopicReadError {
    fn from(failure: Failure) -> Self {
        Self::unavailable(failure)
    }
}

impl From<Failure> for OpenError {
    fn from(failure: Failure) -> Self {
        Self::unavailable(failure)
    }
}

/// Whether the server surely undid the statement. An `ERROR` is the answer of a statement that
/// was not committed. After anything worse, or without an answer, the commit may have happened:
/// a server that is shut down while it waits for its standbys has committed already.
fn is_rolled_back(severity: Option<Severity>) -> bool {
    severity == Some(Severity::Error)
}

/// Waits for the database no longer than this.
pub(super) async fn within<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<T, Failure> {
    Ok(timeout(limit, answer).await.map_err(|_| Failure::TimedOut(limit))??)
}

/// A position or number as the database stores it.
pub(super) fn to_number(table: &'static str, stored: i64) -> Result<u64, Failure> {
    u64::try_from(stored).map_err(|_| Failure::Number { table, found: stored })
}

/// A position or number as the database compares it.
pub(super) fn to_stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A limit as the database takes it; at least 1.
pub(super) fn to_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_error_of_the_statement_itself_is_surely_rolled_back() {
        assert!(is_rolled_back(Some(Severity::Error)));
        for severity in [Some(Severity::Fatal), Some(Severity::Panic), None] {
            assert!(!is_rolled_back(severity), "{severity:?}");
        }
    }

    #[test]
    fn silence_and_warnings_leave_the_outcome_unknown() {
        for failure in
            [Failure::TimedOut(Duration::from_secs(1)), Failure::Warned, Failure::AppenderGone]
        {
            let failed = failure.of_append();
            assert!(matches!(failed, AppendError::Unknown(_)), "{failed:?}");
        }
    }

    #[test]
    fn a_full_queue_or_a_missing_topic_surely_appended_nothing() {
        for failure in [Failure::QueueFull, Failure::UnknownTopic("feed".to_owned())] {
            let failed = failure.of_append();
            assert!(matches!(failed, AppendError::Unavailable(_)), "{failed:?}");
        }
    }
}
