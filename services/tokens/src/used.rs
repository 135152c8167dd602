//! Which assertions were used: each once, also across processes and restarts.

use fullmakt_events::{ClientId, Timestamp};
use fullmakt_http::{Problem, ProblemType};
use sha2::{Digest, Sha256};

use crate::{TokenState, oauth_error::GrantError, refusal::Refusal};

const USE: &str = include_str!("../sql/use_assertion.sql");
const SWEEP: &str = include_str!("../sql/sweep_assertions.sql");

/// Uses an assertion, once.
pub(crate) async fn use_once(
    state: &TokenState,
    client_id: &ClientId,
    jti: &str,
    expires_at: Timestamp,
) -> Result<(), GrantError> {
    let client = state.pool.get().await.map_err(|error| unavailable(&error))?;
    let hash = Sha256::digest(jti.as_bytes()).to_vec();
    let expires_at = expires_at.to_datetime();
    let used = client
        .execute(USE, &[&client_id.as_str(), &hash, &expires_at])
        .await
        .map_err(|error| unavailable(&error))?;
    if used == 0 {
        return Err(Refusal::Replayed.into());
    }
    // What has expired is refused for that; a minute more than the skew that is allowed.
    let before = (state.clock)().plus_seconds(-60).to_datetime();
    if let Err(error) = client.execute(SWEEP, &[&before]).await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "expired assertions were not swept; the next request tries again"
        );
    }
    Ok(())
}

fn unavailable(error: &(dyn std::error::Error + 'static)) -> GrantError {
    GrantError::Problem(Problem::opaque(ProblemType::Unavailable, error))
}
