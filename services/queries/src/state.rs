//! What the read APIs share.

use std::sync::Arc;

use axum::extract::FromRef;
use fullmakt_pep::{DecisionPoint, RepresentationPoint, TokenVerifier};
use fullmakt_reading::ReadModels;
use fullmakt_wire::ApprovalPages;

/// What the read APIs share.
#[derive(Clone)]
pub struct QueryState {
    /// The read models.
    pub models: ReadModels,
    /// Who is trusted to say who calls.
    pub verifier: TokenVerifier,
    /// Who says what a caller may see.
    pub decisions: Arc<dyn DecisionPoint>,
    /// Who says whom a person represents.
    pub representations: Arc<dyn RepresentationPoint>,
    /// Where customers approve.
    pub pages: ApprovalPages,
}

impl FromRef<QueryState> for TokenVerifier {
    fn from_ref(state: &QueryState) -> Self {
        state.verifier.clone()
    }
}

impl FromRef<QueryState> for ReadModels {
    fn from_ref(state: &QueryState) -> Self {
        state.models.clone()
    }
}
