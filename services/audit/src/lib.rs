//! Evidence: the commits of the ledger over HTTP, and its history as lines to be read.

mod commit;
mod commits;
mod filter;
mod replay;
mod state;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use replay::{ReplayFilter, write_record};
pub use state::AuditState;

/// The routes with their documentation.
#[must_use]
pub fn routes() -> OpenApiRouter<AuditState> {
    OpenApiRouter::new().routes(routes!(commits::list_commits)).routes(routes!(commit::get_commit))
}
