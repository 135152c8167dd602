//! Decisions for components of the platform.

use axum::{extract::State, response::Response};
use fullmakt_http::{MinPosition, Problem, ProblemType, RawBody, RequestId};
use fullmakt_pep::PlatformOrBearer;

use super::{
    AUTHORIZE_ADMIN, PdpState, Reach,
    document::{self, Asking},
};
use crate::{explain::Explain, identify::Persons, render::XacmlJsonResponse};

/// Decides whether access is permitted, for components of the platform.
///
/// As `authorize`, but for a platform token or the administrator's scope, and persons are named by
/// party only.
#[utoipa::path(
    post,
    path = "/authorization/api/v1/decision",
    tag = "decisions",
    operation_id = "decision",
    request_body(content = Object, content_type = "application/json",
        description = "A request of the XACML 3.0 JSON profile."),
    params(("Fullmakt-Explain" = Option<String>, Header, description =
        "`short` or `full`: explain each decision.")),
    responses(
        (status = 200, description = "The decisions.", body = XacmlJsonResponse),
        (status = 400, description = "The body is no request.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "Neither a platform token nor the scope.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing can be decided now.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [AUTHORIZE_ADMIN]))
)]
#[tracing::instrument(name = "handler.decisions.decision", skip_all)]
pub(crate) async fn decision(
    State(state): State<PdpState>,
    PlatformOrBearer(caller): PlatformOrBearer,
    min_position: MinPosition,
    request_id: RequestId,
    explain: Explain,
    body: RawBody,
) -> Result<Response, Problem> {
    caller.require_platform_or_scope(&[AUTHORIZE_ADMIN])?;
    let (reach, persons) = (Reach::All, Persons::ByParty);
    let asking = Asking { caller, reach, persons, min_position, request_id, explain };
    document::answer(&state, &asking, text(&body)?).await
}

/// The body as text, if it says that it is JSON.
pub(super) fn text(body: &RawBody) -> Result<&str, Problem> {
    if body.media_type != "application/json" && !body.media_type.ends_with("+json") {
        return Err(Problem::of(
            ProblemType::UnsupportedMediaType,
            format!("`{}` is not supported here; send `application/json`", body.media_type),
        ));
    }
    body.text()
}
