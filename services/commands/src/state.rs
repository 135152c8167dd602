//! What the write APIs share.

use std::{sync::Arc, time::Duration};

use axum::extract::FromRef;
use fullmakt_ledger::Ledger;
use fullmakt_pep::{DecisionPoint, DelegationPoint, RepresentationPoint, TokenVerifier};
use fullmakt_readstore::{CheckpointWatch, ReadStore};
use fullmakt_wire::ApprovalPages;

/// How long a command waits until its own effects can be read. Then it answers all the same.
pub(crate) const VISIBLE_WITHIN: Duration = Duration::from_secs(2);

/// What the write APIs share.
#[derive(Clone)]
pub struct CommandState {
    /// The ledger.
    pub ledger: Ledger,
    /// The read models, by which what a path names is found.
    pub store: ReadStore,
    /// How far the read models are.
    pub watch: CheckpointWatch,
    /// Who is trusted to say who calls.
    pub verifier: TokenVerifier,
    /// Who says what a caller may do.
    pub decisions: Arc<dyn DecisionPoint>,
    /// Who says whom a person represents.
    pub representations: Arc<dyn RepresentationPoint>,
    /// Who says what a caller may give on.
    pub delegations: Arc<dyn DelegationPoint>,
    /// Where customers approve.
    pub pages: ApprovalPages,
}

impl FromRef<CommandState> for TokenVerifier {
    fn from_ref(state: &CommandState) -> Self {
        state.verifier.clone()
    }
}
