//! Computing a decision again, over HTTP.

use axum::{Json, extract::State, response::IntoResponse};
use fullmakt_access::record::LogRecord;
use fullmakt_events::{DecisionId, Position};
use fullmakt_http::{Path, Problem, ProblemType};
use fullmakt_pep::{Authenticated, Caller};
use fullmakt_reading::{ReadModels, failed};
use fullmakt_wire::scopes::{AUDIT_READ, AUTHORIZE};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    get::readable,
    index::DecisionIndex,
    reach::Reach,
    recompute::{self, RecomputeError, Recomputed},
    reproduction::{
        Difference, Obstacle, Reproduction, obstacle_to_decision, obstacle_to_delegation,
    },
};

/// What computing a decision again says of its record.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReproductionBody {
    /// The decision.
    #[schema(value_type = Uuid)]
    id: DecisionId,
    /// The position that it was computed at.
    #[schema(value_type = Option<u64>)]
    position: Option<Position>,
    /// `match`, `mismatch` or `unverifiable`.
    outcome: &'static str,
    /// Why it is not verifiable: `engine-version`, `matching-mode`, `another-ledger`,
    /// `unknown-position`, `policy-not-available`, `catalogue-not-available`,
    /// `personal-data-withheld`, `nothing-computed`, `search` or `record-not-readable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// What differs.
    differences: Vec<Difference>,
    /// The facts that were weighed when it was computed again, each with the streams and positions
    /// that made it true.
    facts: Vec<String>,
}

/// Computes a decision again, from the read models as of its position, and compares.
///
/// Read by those who may read the decision.
#[utoipa::path(
    get,
    path = "/fullmakt/v1/decisions/{id}/reproduce",
    tag = "audit",
    operation_id = "reproduce_decision",
    params(("id" = Uuid, Path, description = "The decision's id.", example = "0197a000-0000-7000-8000-000000000007")),
    responses(
        (status = 200, description = "Whether it is the same, and if not, what differs.", body = ReproductionBody),
        (status = 400, description = "The id is no UUID.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "A scope is missing.", content_type = "application/problem+json"),
        (status = 404, description = "There is no such decision in the log, or it is about another's resource.", content_type = "application/problem+json"),
        (status = 503, description = "The read models or the index are not that far yet, or away.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [AUDIT_READ]), ("bearer" = [AUTHORIZE]))
)]
#[tracing::instrument(name = "handler.decisions.reproduce", skip_all)]
pub(crate) async fn reproduce_decision(
    State(index): State<DecisionIndex>,
    State(models): State<ReadModels>,
    Authenticated(caller): Authenticated,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, Problem> {
    reproduce(&index, &models, &caller, id).await.map(Json)
}

/// The same as a `POST`, for clients that do not begin work with a `GET`.
#[utoipa::path(
    post,
    path = "/fullmakt/v1/decisions/{id}/reproduce",
    tag = "audit",
    operation_id = "reproduce_decision_again",
    params(("id" = Uuid, Path, description = "The decision's id.", example = "0197a000-0000-7000-8000-000000000007")),
    responses(
        (status = 200, description = "Whether it is the same, and if not, what differs.", body = ReproductionBody),
        (status = 400, description = "The id is no UUID.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "A scope is missing.", content_type = "application/problem+json"),
        (status = 404, description = "There is no such decision in the log, or it is about another's resource.", content_type = "application/problem+json"),
        (status = 503, description = "The read models or the index are not that far yet, or away.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [AUDIT_READ]), ("bearer" = [AUTHORIZE]))
)]
#[tracing::instrument(name = "handler.decisions.reproduce_again", skip_all)]
pub(crate) async fn reproduce_decision_again(
    State(index): State<DecisionIndex>,
    State(models): State<ReadModels>,
    Authenticated(caller): Authenticated,
    Path(id): Path<Uuid>,
) -> Result<impl IntoResponse, Problem> {
    reproduce(&index, &models, &caller, id).await.map(Json)
}

async fn reproduce(
    index: &DecisionIndex,
    models: &ReadModels,
    caller: &Caller,
    id: Uuid,
) -> Result<ReproductionBody, Problem> {
    let found = readable(index, Reach::of(caller)?, id).await?;
    let body = |position, recomputed: Recomputed| {
        let (outcome, reason, differences) = match recomputed.reproduction {
            Reproduction::Match => ("match", None, Vec::new()),
            Reproduction::Mismatch(differences) => ("mismatch", None, differences),
            Reproduction::Unverifiable(obstacle) => {
                ("unverifiable", Some(obstacle.code()), Vec::new())
            }
        };
        let (id, facts) = (found.id, recomputed.facts);
        ReproductionBody { id, position, outcome, reason, differences, facts }
    };
    let Ok(record) = LogRecord::read(&found.record) else {
        return Ok(body(None, Obstacle::RecordNotReadable.into()));
    };
    let ledger = models.ledger.id();
    let (position, obstacle) = match &record {
        LogRecord::Decision(record) => (record.position, obstacle_to_decision(record, ledger)),
        LogRecord::Delegation(record) => (record.position, obstacle_to_delegation(record, ledger)),
        LogRecord::Undecided(record) => (record.position, Some(Obstacle::NothingComputed)),
        LogRecord::Search(record) => (record.position, Some(Obstacle::Search)),
        LogRecord::Gap(_) => return Ok(body(None, Obstacle::RecordNotReadable.into())),
    };
    if let Some(obstacle) = obstacle {
        return Ok(body(Some(position), obstacle.into()));
    }
    let reader = match models.reader_at_least(position).await {
        Ok(reader) => reader,
        Err(problem) if problem.kind() == ProblemType::PositionBeyondEnd => {
            return Ok(body(Some(position), Obstacle::UnknownPosition.into()));
        }
        Err(problem) => return Err(problem),
    };
    let recomputed = match &record {
        LogRecord::Decision(record) => recompute::decision(&reader, record).await,
        LogRecord::Delegation(record) => recompute::delegation(&reader, record).await,
        LogRecord::Undecided(_) | LogRecord::Search(_) | LogRecord::Gap(_) => {
            Ok(Obstacle::NothingComputed.into())
        }
    };
    Ok(body(Some(position), recomputed.map_err(not_recomputed)?))
}

fn not_recomputed(error: RecomputeError) -> Problem {
    match error {
        RecomputeError::Read(error)
        | RecomputeError::Standing(fullmakt_readstore::StandingError::Read(error)) => failed(error),
        RecomputeError::Standing(error) => Problem::opaque(ProblemType::Internal, &error),
    }
}
