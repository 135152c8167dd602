//! Evidence: the commits of the ledger and the decisions over HTTP, decisions computed again, and the
//! ledger's history as lines to be read.

mod commit;
mod commits;
mod decisions;
mod filter;
mod replay;
mod state;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use decisions::{DecisionIndex, DecisionIndexer, DecisionTopic, IndexError, IndexRetention};
pub use replay::{ReplayFilter, write_record};
pub use state::AuditState;

/// The routes with their documentation.
#[must_use]
pub fn routes() -> OpenApiRouter<AuditState> {
    OpenApiRouter::new()
        .routes(routes!(commits::list_commits))
        .routes(routes!(commit::get_commit))
        .routes(routes!(decisions::list::list_decisions))
        .routes(routes!(decisions::get::get_decision))
        .routes(routes!(
            decisions::reproduce::reproduce_decision,
            decisions::reproduce::reproduce_decision_again
        ))
}
