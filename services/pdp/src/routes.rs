//! The decision endpoints.

mod authorize;
mod decision;
mod document;

use axum::extract::FromRef;
use fullmakt_pep::TokenVerifier;
use fullmakt_vault::Vault;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Decisions;

/// What the decision endpoints share.
#[derive(Clone)]
pub struct PdpState {
    /// Makes decisions.
    pub decisions: Decisions,
    /// Knows persons by their numbers.
    pub vault: Vault,
    /// Who is trusted to say who calls.
    pub verifier: TokenVerifier,
    /// The most decisions that one document may ask for.
    pub batch_max: usize,
}

impl FromRef<PdpState> for TokenVerifier {
    fn from_ref(state: &PdpState) -> Self {
        state.verifier.clone()
    }
}

/// The routes with their documentation.
#[must_use]
pub fn routes() -> OpenApiRouter<PdpState> {
    OpenApiRouter::new().routes(routes!(authorize::authorize)).routes(routes!(decision::decision))
}
