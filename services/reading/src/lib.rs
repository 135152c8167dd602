//! Opening the read models for a request, at a position that is fresh enough for its caller.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use fullmakt_events::{Position, Timestamp};
use fullmakt_http::{
    AltinnError, ConsistencyToken, FreshnessError, MinPosition, Problem, ProblemType,
};
use fullmakt_ledger::Ledger;
use fullmakt_readstore::{CheckpointWatch, DatabaseError, ReadError, ReadStore, Reader};
use tokio::time::{Duration, Instant};

/// How long a reader waits for the position that it insists on.
const FRESH_WITHIN: Duration = Duration::from_secs(2);

/// What is needed to open the read models.
#[derive(Clone)]
pub struct ReadModels {
    /// The ledger, for the time and for positions that readers insist on.
    pub ledger: Ledger,
    /// The read models.
    pub store: ReadStore,
    /// How far they are.
    pub watch: CheckpointWatch,
}

/// The read models as of one position, which is at least the one that the caller insists on with
/// `Fullmakt-Min-Position`.
pub struct Reading {
    /// The read models.
    pub reader: Reader,
    /// The position, for the answer's `Fullmakt-Position`.
    pub token: ConsistencyToken,
    /// The time that what expires is judged by.
    pub now: Timestamp,
}

impl<S> FromRequestParts<S> for Reading
where
    S: Send + Sync,
    ReadModels: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let models = ReadModels::from_ref(state);
        let min = MinPosition::from_request_parts(parts, state).await?;
        let reader = match min.0 {
            Some(token) => models.store.reader_at_least(models.wait_for(token).await?).await,
            None => models.store.reader().await,
        };
        let reader = reader.map_err(failed)?;
        let token = ConsistencyToken::new(models.ledger.id(), reader.position());
        Ok(Self { reader, token, now: models.ledger.progress().ledger_time_now() })
    }
}

impl ReadModels {
    /// Opens the read models at a position or beyond, once they are that far.
    ///
    /// # Errors
    /// When the ledger has no such position, or the read models do not reach it soon.
    pub async fn reader_at_least(&self, position: Position) -> Result<Reader, Problem> {
        let token = ConsistencyToken::new(self.ledger.id(), position);
        let reached = self.wait_for(token).await?;
        self.store.reader_at_least(reached).await.map_err(failed)
    }

    /// Waits for the position of a token, and says which that is.
    async fn wait_for(&self, token: ConsistencyToken) -> Result<Position, Problem> {
        let deadline = Instant::now() + FRESH_WITHIN;
        let mut last = self.ledger.progress().position;
        if token.position > last {
            // Another process may have folded what this one has not: the log knows its end.
            let end = self.ledger.end(deadline).await;
            let end = end.map_err(|error| Problem::opaque(ProblemType::NotFresh, &error))?;
            last = end.previous().unwrap_or_default();
        }
        let position = token.within(self.ledger.id(), last)?;
        self.watch
            .wait_for(position, deadline)
            .await
            .map(|_| position)
            .map_err(|_| FreshnessError::NotReached { asked: position }.into())
    }
}

/// The problem of a read that failed.
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "the form that `map_err` wants")]
pub fn failed(error: ReadError) -> Problem {
    match &error {
        ReadError::NotYet { asked, .. } => FreshnessError::NotReached { asked: *asked }.into(),
        ReadError::NothingFolded => Problem::opaque(ProblemType::NotFresh, &error),
        ReadError::Database(error) => database(error),
    }
}

/// The same on a route of the wire contract.
#[must_use]
pub fn failed_there(error: ReadError) -> AltinnError {
    AltinnError::Ours(failed(error))
}

/// The problem of a database that does not answer, or not rightly.
fn database(error: &DatabaseError) -> Problem {
    let kind =
        if error.is_unavailable() { ProblemType::Unavailable } else { ProblemType::Internal };
    Problem::opaque(kind, error)
}
