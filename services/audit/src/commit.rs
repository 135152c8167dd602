//! One record of the ledger.

use axum::{Json, response::IntoResponse};
use fullmakt_events::{Position, Timestamp};
use fullmakt_http::{Path, Problem, ProblemType};
use fullmakt_pep::Authenticated;
use fullmakt_projections::ledger::VerdictKind;
use fullmakt_reading::{Reading, failed};
use fullmakt_readstore::RecordRow;
use fullmakt_wire::scopes::AUDIT_READ;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A record of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordBody {
    /// Where it stands.
    #[schema(value_type = u64)]
    position: Position,
    /// When it was appended, by the log's clock.
    #[schema(value_type = String)]
    append_time: Timestamp,
    /// The highest append time up to there.
    #[schema(value_type = String)]
    ledger_time: Timestamp,
    /// `admitted`, `superseded`, `stale` or `void`.
    verdict: &'static str,
    /// Why it does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The record as the ledger holds it; null where its bytes are none.
    record: Value,
}

impl From<&RecordRow> for RecordBody {
    fn from(row: &RecordRow) -> Self {
        Self {
            position: row.position,
            append_time: row.append_time,
            ledger_time: row.ledger_time,
            verdict: name(row.verdict),
            reason: row.reason.clone(),
            record: serde_json::from_slice(&row.bytes).unwrap_or(Value::Null),
        }
    }
}

const fn name(verdict: VerdictKind) -> &'static str {
    match verdict {
        VerdictKind::Admitted => "admitted",
        VerdictKind::Superseded => "superseded",
        VerdictKind::Stale => "stale",
        VerdictKind::Void => "void",
    }
}

/// Shows one record of the ledger.
#[utoipa::path(
    get,
    path = "/fullmakt/v1/commits/{position}",
    tag = "audit",
    operation_id = "get_commit",
    params(("position" = u64, Path, description = "The record's position.")),
    responses(
        (status = 200, description = "The record.", body = RecordBody),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing.", content_type = "application/problem+json"),
        (status = 404, description = "There is no such position yet.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [AUDIT_READ]))
)]
#[tracing::instrument(name = "handler.commits.get", skip_all)]
pub(crate) async fn get_commit(
    Authenticated(caller): Authenticated,
    Path(position): Path<u64>,
    reading: Reading,
) -> Result<impl IntoResponse, Problem> {
    caller.require_any_scope(&[AUDIT_READ])?;
    let record = reading.reader.record(Position::new(position)).await.map_err(failed)?;
    let record = record.ok_or_else(|| {
        Problem::of(ProblemType::NotFound, format!("there is no record at position {position} yet"))
    })?;
    Ok((reading.token, Json(RecordBody::from(&record))))
}
