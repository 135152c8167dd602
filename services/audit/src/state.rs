//! What the routes share.

use axum::extract::FromRef;
use fullmakt_pep::{Clock, TokenVerifier};
use fullmakt_reading::ReadModels;

use crate::DecisionIndex;

/// What the routes share.
#[derive(Clone)]
pub struct AuditState {
    /// The read models.
    pub models: ReadModels,
    /// Who is trusted to say who calls.
    pub verifier: TokenVerifier,
    /// The decisions that were made.
    pub decisions: DecisionIndex,
    /// Tells the time, up to which decisions are looked for.
    pub clock: Clock,
}

impl FromRef<AuditState> for DecisionIndex {
    fn from_ref(state: &AuditState) -> Self {
        state.decisions.clone()
    }
}

impl FromRef<AuditState> for Clock {
    fn from_ref(state: &AuditState) -> Self {
        state.clock.clone()
    }
}

impl FromRef<AuditState> for ReadModels {
    fn from_ref(state: &AuditState) -> Self {
        state.models.clone()
    }
}

impl FromRef<AuditState> for TokenVerifier {
    fn from_ref(state: &AuditState) -> Self {
        state.verifier.clone()
    }
}
