//! What the read APIs share.

use std::sync::Arc;

use axum::extract::FromRef;
use fullmakt_ledger::Ledger;
use fullmakt_pep::{DecisionPoint, TokenVerifier};
use fullmakt_readstore::{CheckpointWatch, ReadStore};
use fullmakt_wire::ApprovalPages;

/// What the read APIs share.
#[derive(Clone)]
pub struct QueryState {
    /// The ledger, for the time and for positions that readers insist on.
    pub ledger: Ledger,
    /// The read models.
    pub store: ReadStore,
    /// How far they are.
    pub watch: CheckpointWatch,
    /// Who is trusted to say who calls.
    pub verifier: TokenVerifier,
    /// Who says what a caller may see.
    pub decisions: Arc<dyn DecisionPoint>,
    /// Where customers approve.
    pub pages: ApprovalPages,
}

impl FromRef<QueryState> for TokenVerifier {
    fn from_ref(state: &QueryState) -> Self {
        state.verifier.clone()
    }
}
