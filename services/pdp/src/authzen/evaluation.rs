//! `POST /access/v1/evaluation`.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use fullmakt_http::{MinPosition, OpenJson, Problem, RequestId};
use fullmakt_pep::PlatformOrBearer;
use fullmakt_projections::graph::Properties;

use super::{
    answer::AuthzenDecision,
    evaluate::{Asking, Prepared},
    model::Place,
};
use crate::{PdpState, explain::Explain, routes::AUTHORIZE};

/// Decides whether access is permitted (`AuthZEN`).
///
/// With the scope `altinn:authorization/authorize` about resources of the caller's own organisation,
/// with `altinn:authorization/authorize.admin` or a platform token about all. What cannot be decided
/// is not permitted.
#[utoipa::path(
    post,
    path = "/access/v1/evaluation",
    tag = "decisions",
    operation_id = "access_evaluation",
    request_body(content = Object, content_type = "application/json",
        description = "An Access Evaluation request of the AuthZEN Authorization API 1.0. In \
                       `context`, `fullmakt_min_position` and `fullmakt_explain` stand for the \
                       headers of these names."),
    params(("Fullmakt-Explain" = Option<String>, Header, description =
        "`short` or `full`: explain the decision. The full form is for the administrator's scope.")),
    responses(
        (status = 200, description = "The decision.", body = AuthzenDecision),
        (status = 400, description = "The body is no request.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "A scope is missing, or the resource is another's.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing can be decided now.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [AUTHORIZE]))
)]
#[tracing::instrument(name = "handler.decisions.access_evaluation", skip_all)]
pub(crate) async fn evaluation(
    State(state): State<PdpState>,
    PlatformOrBearer(caller): PlatformOrBearer,
    min_position: MinPosition,
    request_id: RequestId,
    explain: Explain,
    OpenJson(body): OpenJson<Properties>,
) -> Result<Response, Problem> {
    let asking = Asking::new(state, caller, request_id, min_position, explain)?;
    single(&asking, &body).await
}

/// Answers a body that is one question.
pub(super) async fn single(asking: &Asking, body: &Properties) -> Result<Response, Problem> {
    let prepared =
        Prepared::read(Place::body(body)).map_err(|error| Problem::invalid(vec![error]))?;
    let generation = asking.generation_for(&[&prepared]).await?;
    let answer = asking.answer(&generation, &prepared).await?;
    Ok((asking.token(&generation), Json(answer)).into_response())
}
