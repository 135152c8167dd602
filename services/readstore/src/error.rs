//! What can go wrong between us and PostgreSQL.

use std::{error::Error as _, io, sync::Arc};

use fullmakt_projections::Statement;
use tokio_postgres::error::SqlState;

/// The cause of an error, whatever library it is from.
pub type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// A cause that is not shared yet.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why the database gave no answer, or none that can be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DatabaseError {
    /// The settings cannot be used.
    #[error("the database's settings cannot be used")]
    Settings(#[source] Cause),
    /// The database cannot be reached or cannot answer now. To ask again may help.
    #[error("the database is not available")]
    Unavailable(#[source] Cause),
    /// The database refuses the statement. To ask again does not help.
    #[error("the database refuses statement `{statement}`")]
    Statement {
        /// The statement's name.
        statement: &'static str,
        /// What the database says.
        #[source]
        source: Cause,
    },
    /// A column holds what it never should.
    #[error("column `{column}` holds what it never should")]
    Inconsistency {
        /// The column.
        column: &'static str,
        /// What is wrong with the value.
        #[source]
        source: Cause,
    },
    /// A statement changed another number of rows than it must.
    #[error("statement `{statement}` changed {actual} rows and should have changed {expected}")]
    RowsAffected {
        /// The statement's name.
        statement: &'static str,
        /// How many rows it should have changed.
        expected: usize,
        /// How many it changed.
        actual: u64,
    },
}

impl DatabaseError {
    /// Whether to ask again may help.
    #[must_use]
    pub const fn is_unavailable(&self) -> bool {
        match self {
            Self::Unavailable(_) => true,
            Self::Settings(_)
            | Self::Statement { .. }
            | Self::Inconsistency { .. }
            | Self::RowsAffected { .. } => false,
        }
    }

    pub(crate) fn settings(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Settings(Arc::new(source))
    }

    pub(crate) fn unavailable(source: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Unavailable(Arc::new(source))
    }

    pub(crate) fn inconsistency(column: &'static str, source: impl Into<BoxError>) -> Self {
        violated("readable_column");
        Self::Inconsistency { column, source: source.into().into() }
    }

    pub(crate) fn rows_affected(statement: Statement, expected: usize, actual: u64) -> Self {
        violated("rows_affected");
        Self::RowsAffected { statement: statement.name, expected, actual }
    }

    /// What an error of this statement means.
    pub(crate) fn of(statement: &'static str, error: tokio_postgres::Error) -> Self {
        if is_transient(&error) {
            Self::unavailable(error)
        } else {
            Self::Statement { statement, source: Arc::new(error) }
        }
    }

    /// For `map_err`: what an error of this statement means.
    pub(crate) fn from_statement(statement: Statement) -> impl Fn(tokio_postgres::Error) -> Self {
        move |error| Self::of(statement.name, error)
    }
}

impl From<deadpool_postgres::PoolError> for DatabaseError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        Self::unavailable(error)
    }
}

/// Counts what can only be a defect, or somebody else's writing.
fn violated(invariant: &'static str) {
    metrics::counter!("invariant_violations_total", "invariant" => invariant).increment(1);
}

/// Whether the failure lies in the circumstances rather than in the statement or its parameters.
fn is_transient(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        Some(code) => is_transient_code(code),
        None => {
            error.is_closed()
                || error.source().is_some_and(<dyn std::error::Error>::is::<io::Error>)
        }
    }
}

/// By class: connections, conflicts between transactions, resources, objects in use, operators, and
/// trouble of the system below (PostgreSQL's documentation, appendix A).
fn is_transient_code(code: &SqlState) -> bool {
    ["08", "40", "53", "55", "57", "58"].iter().any(|class| code.code().starts_with(class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_from_what_stays() {
        for code in [
            SqlState::CONNECTION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
            SqlState::DISK_FULL,
            SqlState::LOCK_NOT_AVAILABLE,
            SqlState::ADMIN_SHUTDOWN,
        ] {
            assert!(is_transient_code(&code), "{code:?}");
        }
        for code in [
            SqlState::UNIQUE_VIOLATION,
            SqlState::UNDEFINED_TABLE,
            SqlState::UNTRANSLATABLE_CHARACTER,
            SqlState::INSUFFICIENT_PRIVILEGE,
        ] {
            assert!(!is_transient_code(&code), "{code:?}");
        }
    }
}
