//! One decision.

use axum::{Json, extract::State, response::IntoResponse};
use fullmakt_events::{DecisionId, Timestamp};
use fullmakt_http::{Path, Problem, ProblemType};
use fullmakt_pep::Authenticated;
use fullmakt_wire::scopes::{AUDIT_READ, AUTHORIZE};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    index::{DecisionIndex, Found, Indexed},
    reach::Reach,
};

/// A record of the decision log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DecisionBody {
    /// The partition of the topic that has it.
    partition: i32,
    /// Its number there.
    number: i64,
    /// When it was appended, by the log's clock.
    #[schema(value_type = String)]
    append_time: Timestamp,
    /// The record, byte by byte as the topic has it.
    #[schema(value_type = Object)]
    record: Option<Box<RawValue>>,
}

impl From<Indexed> for DecisionBody {
    fn from(found: Indexed) -> Self {
        Self {
            partition: found.partition,
            number: found.number,
            append_time: found.append_time,
            // What was read when it was taken in can be read.
            record: RawValue::from_string(found.record).ok(),
        }
    }
}

/// Shows one decision with all that it depended on.
///
/// Auditors read all, an organisation with the scope `altinn:authorization/authorize` those about
/// resources that it owned. A decision that is in the log and not in the index yet is waited for two
/// seconds; if that is not enough, the answer is 503 and not 404. With `decision_log.mode` `async` a
/// decision may be answered before it is in the log.
#[utoipa::path(
    get,
    path = "/fullmakt/v1/decisions/{id}",
    tag = "audit",
    operation_id = "get_decision",
    params(("id" = Uuid, Path, description = "The decision's id.", example = "0197a000-0000-7000-8000-000000000007")),
    responses(
        (status = 200, description = "The record.", body = DecisionBody),
        (status = 400, description = "The id is no UUID.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "A scope is missing.", content_type = "application/problem+json"),
        (status = 404, description = "There is no such decision in the log, or it is about another's resource.", content_type = "application/problem+json"),
        (status = 503, description = "The log has records that are not in the index yet, or one of them is away.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [AUDIT_READ]), ("bearer" = [AUTHORIZE]))
)]
#[tracing::instrument(name = "handler.decisions.get", skip_all)]
pub(crate) async fn get_decision(
    State(index): State<DecisionIndex>,
    Authenticated(caller): Authenticated,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, Problem> {
    let found = readable(&index, Reach::of(&caller)?, id).await?;
    Ok(Json(DecisionBody::from(found)))
}

/// A decision that is within reach.
pub(super) async fn readable(
    index: &DecisionIndex,
    reach: Reach,
    id: Uuid,
) -> Result<Indexed, Problem> {
    match index.find(DecisionId::new(id)).await? {
        Found::Indexed(found) if reach.includes(found.owner) => Ok(*found),
        // Whose resource a decision is about is not told either.
        Found::Indexed(_) | Found::Absent => {
            Err(Problem::of(ProblemType::NotFound, format!("there is no decision `{id}`")))
        }
        Found::NotYet { behind } => Err(Problem::opaque(ProblemType::NotFresh, &NotYet { behind })),
    }
}

/// The decision may be one of those that are not in the index yet.
#[derive(Debug, thiserror::Error)]
#[error("{behind} records of the decision log are not in the index yet")]
struct NotYet {
    behind: u64,
}
