//! Decisions for public APIs.

use axum::{extract::State, response::Response};
use fullmakt_http::{MinPosition, Problem, ProblemType, RawBody, RequestId};
use fullmakt_pep::Authenticated;

use super::{PdpState, decision::text, document};
use crate::{identify::Persons, render::XacmlJsonResponse};

const AUTHORIZE: &str = "altinn:authorization/authorize";
const AUTHORIZE_ADMIN: &str = "altinn:authorization/authorize.admin";

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
    body: RawBody,
) -> Result<Response, Problem> {
    caller.require_any_scope(&[AUTHORIZE, AUTHORIZE_ADMIN])?;
    let reach = match caller.org {
        _ if caller.has_scope(AUTHORIZE_ADMIN) => document::Reach::All,
        Some(org) => document::Reach::OwnedBy(org),
        None => {
            return Err(Problem::of(
                ProblemType::Forbidden,
                "the token names no organisation, so that it owns no resource to ask about",
            ));
        }
    };
    let body = text(&body)?;
    document::answer(&state, &caller, reach, Persons::ByNumber, (min_position, request_id), body)
        .await
}
