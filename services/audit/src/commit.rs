//! One record of the ledger.

use axum::{Json, response::IntoResponse};
use fullmakt_events::{Position, Timestamp};
use fullmakt_http::{Path, Problem, ProblemType};
use fullmakt_pep::Authenticated;
use fullmakt_projections::ledger::{RecordKind, VerdictKind};
use fullmakt_reading::{Reading, failed};
use fullmakt_readstore::RecordRow;
use fullmakt_wire::scopes::AUDIT_READ;
use serde::Serialize;
use serde_json::value::RawValue;
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
    /// The record, byte by byte as the ledger holds it; null where its bytes are none.
    #[schema(value_type = Option<Object>)]
    record: Option<Box<RawValue>>,
}

impl From<&RecordRow> for RecordBody {
    fn from(row: &RecordRow) -> Self {
        Self {
            position: row.position,
            append_time: row.append_time,
            ledger_time: row.ledger_time,
            verdict: name(row.verdict),
            reason: row.reason.clone(),
            record: record(row),
        }
    }
}

/// What is no record is not shown: nothing is known of what it holds, and the ledger's records alone
/// are free of personal data.
fn record(row: &RecordRow) -> Option<Box<RawValue>> {
    match row.kind {
        RecordKind::Genesis | RecordKind::Tick | RecordKind::Commit => {
            serde_json::from_slice(&row.bytes).ok()
        }
        RecordKind::Unreadable => None,
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
        (status = 400, description = "The position is no number.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing.", content_type = "application/problem+json"),
        (status = 404, description = "There is no such position yet.", content_type = "application/problem+json"),
        (status = 503, description = "The read models are not as fresh as asked, or away.", content_type = "application/problem+json"),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(kind: RecordKind, verdict: VerdictKind, bytes: &[u8]) -> String {
        let time = Timestamp::from_millis(1_800_000_000_000);
        let row = RecordRow {
            position: Position::new(7),
            append_time: time,
            ledger_time: time,
            kind,
            verdict,
            reason: None,
            commit: None,
            bytes: bytes.to_vec(),
        };
        serde_json::to_string(&RecordBody::from(&row)).unwrap()
    }

    #[test]
    fn a_record_is_shown_byte_by_byte() {
        // Neither the order of the members nor the form of a number is another afterwards.
        let bytes = br#"{"z":1.10,"a":{"c":12345678901234567890123,"b":"\u00e6"}}"#;
        let text = shown(RecordKind::Commit, VerdictKind::Superseded, bytes);
        assert!(text.contains(std::str::from_utf8(bytes).unwrap()), "{text}");
        assert!(text.contains(r#""verdict":"superseded""#), "{text}");
    }

    #[test]
    fn what_is_no_record_is_not_shown() {
        for bytes in [&br#"{"name":"somebody"}"#[..], b"somebody", b"\xff"] {
            let text = shown(RecordKind::Unreadable, VerdictKind::Void, bytes);
            assert!(text.ends_with(r#""record":null}"#), "{text}");
            assert!(!text.contains("somebody"), "{text}");
        }
    }
}
