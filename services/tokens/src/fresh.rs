//! The read models, at a position that is fresh enough for the caller.

use axum::{extract::FromRequestParts, http::request::Parts};
use fullmakt_http::{ConsistencyToken, FreshnessError, MinPosition, Problem};
use fullmakt_reading::{Reading, failed};
use fullmakt_readstore::Reader;

use crate::TokenState;

/// The read models as of one position, at least the one that the caller insists on.
pub(crate) struct FreshReader {
    pub(crate) reader: Reader,
    pub(crate) token: ConsistencyToken,
}

impl FreshReader {
    pub(crate) async fn open(state: &TokenState, parts: &mut Parts) -> Result<Self, Problem> {
        if let Some(models) = state.models() {
            let Reading { reader, token, .. } = Reading::from_request_parts(parts, models).await?;
            return Ok(Self { reader, token });
        }
        let MinPosition(min) = MinPosition::from_request_parts(parts, state).await?;
        let reader = state.store.reader().await.map_err(failed)?;
        let token = ConsistencyToken::new(reader.checkpoint().ledger, reader.position());
        match min {
            Some(min) if min.ledger != token.ledger => {
                Err(FreshnessError::AnotherLedger { asked: min.ledger, ledger: token.ledger }
                    .into())
            }
            // Whether it exists is not known here, and nothing waits for it.
            Some(min) if min.position > token.position => {
                Err(FreshnessError::NotReached { asked: min.position }.into())
            }
            Some(_) | None => Ok(Self { reader, token }),
        }
    }
}

#[cfg(test)]
mod tests;
