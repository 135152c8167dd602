//! Decisions for public APIs.

use axum::{extract::State, response::Response};
use fullmakt_http::{MinPosition, Problem, RawBody, RequestId};
use fullmakt_pep::Authenticated;

use super::{
    AUTHORIZE, AUTHORIZE_ADMIN, PdpState, Reach,
    decision::text,
    document::{self, Asking},
};
use crate::{explain::Explain, identify::Persons, render::XacmlJsonResponse};

/// Decides whether access is permitted.
///
/// Takes a request of the XACML 3.0 JSON profile, one decision or several (`MultiRequests`). With
/// the scope `altinn:authorization/authorize` about resources of the caller's own organisation, with
/// `altinn:authorization/authorize.admin` about all. The answer about one decision names it in
/// `Fullmakt-Decision`.
#[utoipa::path(
    post,
    path = "/authorization/api/v1/authorize",
    tag = "decisions",
    operation_id = "authorize",
    request_body(content = Object, content_type = "application/json",
        description = "A request of the XACML 3.0 JSON profile."),
    params(("Fullmakt-Explain" = Option<String>, Header, description =
        "`short` or `full`: explain each decision. The full form is for the administrator's scope.")),
    responses(
        (status = 200, description = "The decisions.", body = XacmlJsonResponse),
        (status = 400, description = "The body is no request.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "A scope is missing, or the resource is another's.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing can be decided now.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [AUTHORIZE]))
)]
#[tracing::instrument(name = "handler.decisions.authorize", skip_all)]
pub(crate) async fn authorize(
    State(state): State<PdpState>,
    Authenticated(caller): Authenticated,
    min_position: MinPosition,
    request_id: RequestId,
    explain: Explain,
    body: RawBody,
) -> Result<Response, Problem> {
    caller.require_any_scope(&[AUTHORIZE, AUTHORIZE_ADMIN])?;
    let reach = Reach::of(&caller)?;
    let persons = Persons::ByNumber;
    let asking = Asking { caller, reach, persons, min_position, request_id, explain };
    document::answer(&state, &asking, text(&body)?).await
}
