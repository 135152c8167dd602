//! The decision endpoints, and what else the contract lets the decision service tell.

mod access_list;
mod authorize;
mod decision;
mod document;
mod parties;
mod policies;
mod reach;
mod roles;

use axum::extract::FromRef;
use fullmakt_events::PartyId;
use fullmakt_http::{ConsistencyToken, Problem, ProblemType};
use fullmakt_pep::{Caller, TokenVerifier};
use fullmakt_vault::Vault;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use document::unlogged;
pub(crate) use reach::Reach;

use crate::{Decisions, Generation, authzen};

/// The scope to ask about resources of one's own organisation.
pub(crate) const AUTHORIZE: &str = "altinn:authorization/authorize";
/// The scope to ask about all resources.
pub(crate) const AUTHORIZE_ADMIN: &str = "altinn:authorization/authorize.admin";

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
    OpenApiRouter::new()
        .routes(routes!(authorize::authorize))
        .routes(routes!(decision::decision))
        .routes(routes!(access_list::authorize_by_access_lists))
        .routes(routes!(policies::roles_with_access::list_roles_with_access))
        .routes(routes!(policies::show::show_policies_of_apps))
        .routes(routes!(roles::list_roles_of_user))
        .routes(routes!(parties::list_parties_of_user))
        .routes(routes!(parties::validate_party_of_user))
        .merge(authzen::routes())
}

impl PdpState {
    /// What an answer from this generation rests on.
    fn token_of(&self, generation: &Generation) -> ConsistencyToken {
        ConsistencyToken::new(self.decisions.ledger.id(), generation.graph.position())
    }
}

/// The person who is logged in, if it is the user that the request names: nobody is told about
/// another.
fn own_user(caller: &Caller, user_id: u32) -> Result<PartyId, Problem> {
    let own = caller.person.as_ref().filter(|person| person.user_id == user_id);
    own.map(|person| person.party).ok_or_else(|| {
        Problem::of(ProblemType::Forbidden, "a person who is logged in can ask about itself only")
    })
}
