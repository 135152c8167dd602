//! The generation to decide on: fresh, and at least at the position that is insisted on.

use std::sync::Arc;

use fullmakt_http::{FreshnessError, MinPosition, Problem, ProblemType};
use fullmakt_ledger::Unavailable;
use fullmakt_pep::DecisionPointError;
use tokio::time::{Duration, Instant};

use crate::{Decisions, Generation, NotFresh};

/// How long a caller waits for the position that it insists on.
const FRESH_WITHIN: Duration = Duration::from_secs(2);

/// Why there is no generation to decide on. Nothing is decided then.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GenerationError {
    #[error(transparent)]
    NotFresh(#[from] NotFresh),
    #[error("the position insisted on cannot be given")]
    Position(#[from] FreshnessError),
    #[error("the position insisted on was not reached")]
    Behind(#[source] Unavailable),
}

impl Decisions {
    /// The newest generation, if it is fresh and has reached the position insisted on, which is
    /// waited for.
    pub(crate) async fn at_least(
        &self,
        min_position: MinPosition,
    ) -> Result<Arc<Generation>, GenerationError> {
        if let Some(token) = min_position.0 {
            let deadline = Instant::now() + FRESH_WITHIN;
            let mut last = self.ledger.progress().position;
            if token.position > last {
                // Another process may have folded what this one has not: the log knows its end.
                let end = self.ledger.end(deadline).await.map_err(GenerationError::Behind)?;
                last = end.previous().unwrap_or_default();
            }
            let position = token.within(self.ledger.id(), last)?;
            self.ledger.folded(position, deadline).await.map_err(GenerationError::Behind)?;
        }
        Ok(self.fresh()?)
    }
}

impl From<GenerationError> for Problem {
    fn from(error: GenerationError) -> Self {
        match error {
            GenerationError::Position(error) => error.into(),
            GenerationError::NotFresh(_) | GenerationError::Behind(_) => {
                Self::opaque(ProblemType::NotFresh, &error)
            }
        }
    }
}

impl From<GenerationError> for DecisionPointError {
    fn from(error: GenerationError) -> Self {
        match error {
            GenerationError::Position(
                FreshnessError::AnotherLedger { .. } | FreshnessError::BeyondEnd { .. },
            ) => Self::NoSuchPosition,
            GenerationError::Position(FreshnessError::NotReached { .. })
            | GenerationError::NotFresh(_)
            | GenerationError::Behind(_) => Self::NotFresh,
        }
    }
}
