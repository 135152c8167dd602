//! Opening the read models at a position that is fresh enough for the caller.

use axum::{extract::FromRequestParts, http::request::Parts};
use fullmakt_events::Timestamp;
use fullmakt_http::{
    AltinnError, ConsistencyToken, FreshnessError, MinPosition, Problem, ProblemType,
};
use fullmakt_readstore::{DatabaseError, ReadError, Reader};
use tokio::time::{Duration, Instant};

use crate::QueryState;

/// How long a reader waits for the position that it insists on.
const FRESH_WITHIN: Duration = Duration::from_secs(2);

/// The read models as of one position, which is at least the one that the caller insists on.
pub(crate) struct Reading {
    pub(crate) reader: Reader,
    /// The position, for the answer's `Fullmakt-Position`.
    pub(crate) token: ConsistencyToken,
    /// The time that what expires is judged by.
    pub(crate) now: Timestamp,
}

impl FromRequestParts<QueryState> for Reading {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &QueryState) -> Result<Self, Problem> {
        let min = MinPosition::from_request_parts(parts, state).await?;
        if let Some(token) = min.0 {
            wait(state, token).await?;
        }
        let reader = state.store.reader().await.map_err(failed)?;
        let token = ConsistencyToken::new(state.ledger.id(), reader.position());
        Ok(Self { reader, token, now: state.ledger.progress().ledger_time_now() })
    }
}

async fn wait(state: &QueryState, token: ConsistencyToken) -> Result<(), Problem> {
    let deadline = Instant::now() + FRESH_WITHIN;
    let mut last = state.ledger.progress().position;
    if token.position > last {
        // Another process may have folded what this one has not: the log knows its end.
        let end = state.ledger.end(deadline).await;
        let end = end.map_err(|error| Problem::opaque(ProblemType::NotFresh, &error))?;
        last = end.previous().unwrap_or_default();
    }
    let position = token.within(state.ledger.id(), last)?;
    state
        .watch
        .wait_for(position, deadline)
        .await
        .map(|_| ())
        .map_err(|_| FreshnessError::NotReached { asked: position }.into())
}

/// The problem of a database that does not answer, or not rightly.
fn database(error: &DatabaseError) -> Problem {
    let kind =
        if error.is_unavailable() { ProblemType::Unavailable } else { ProblemType::Internal };
    Problem::opaque(kind, error)
}

/// The problem of a read that failed.
#[expect(clippy::needless_pass_by_value, reason = "the form that map_err wants")]
pub(crate) fn failed(error: ReadError) -> Problem {
    match &error {
        ReadError::NotYet { asked, .. } => FreshnessError::NotReached { asked: *asked }.into(),
        ReadError::NothingFolded => Problem::opaque(ProblemType::NotFresh, &error),
        ReadError::Database(error) => database(error),
    }
}

/// The same on a route of the wire contract.
pub(crate) fn failed_there(error: ReadError) -> AltinnError {
    AltinnError::Ours(failed(error))
}
