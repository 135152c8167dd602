//! Whether the process lives, and whether it should be sent requests.

use std::time::Duration;

use axum::{Json, Router, extract::State, http::StatusCode, response::IntoResponse, routing::get};
use fullmakt_events::Position;
use fullmakt_ledger::Ledger;
use fullmakt_pep::Clock;
use fullmakt_readstore::CheckpointWatch;
use serde_json::json;
use tokio::sync::watch;

/// What readiness depends on.
#[derive(Clone)]
pub(crate) struct Health {
    pub(crate) ledger: Ledger,
    pub(crate) watch: CheckpointWatch,
    pub(crate) clock: Clock,
    pub(crate) end_at_start: Position,
    pub(crate) max_staleness: Duration,
    /// Whether what has to be done at start is done.
    pub(crate) is_prepared: watch::Receiver<bool>,
}

/// `GET /health/live` and `GET /health/ready`.
pub(crate) fn routes(health: Health) -> Router {
    Router::new()
        .route("/health/live", get(async || StatusCode::OK))
        .route("/health/ready", get(ready))
        .with_state(health)
}

impl Health {
    /// Why the process is not ready; nothing when it is.
    fn obstacle(&self) -> Option<&'static str> {
        let last = self.end_at_start.previous();
        if last.is_some_and(|last| self.ledger.progress().position < last) {
            return Some("the ledger is not folded up to the end seen at start");
        }
        if self.watch.position() < last {
            return Some("the read models have not reached the end seen at start");
        }
        if !self.ledger.is_fresh(self.max_staleness, (self.clock)()) {
            return Some("the newest record is older than the decision point accepts");
        }
        if !*self.is_prepared.borrow() {
            return Some("the demonstration's data are being loaded");
        }
        None
    }
}

async fn ready(State(health): State<Health>) -> impl IntoResponse {
    let position = health.ledger.progress().position;
    match health.obstacle() {
        None => (StatusCode::OK, Json(json!({ "status": "ready", "position": position }))),
        Some(reason) => {
            let body = json!({ "status": "not ready", "position": position, "reason": reason });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body))
        }
    }
}
