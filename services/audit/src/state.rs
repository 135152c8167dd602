//! What the routes share.

use axum::extract::FromRef;
use fullmakt_pep::TokenVerifier;
use fullmakt_reading::ReadModels;

/// What the routes share.
#[derive(Clone)]
pub struct AuditState {
    /// The read models.
    pub models: ReadModels,
    /// Who is trusted to say who calls.
    pub verifier: TokenVerifier,
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
