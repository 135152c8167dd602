//! Pausing a system user.

use axum::{extract::State, response::Response};
use fullmakt_domain::agreement::ManagementAction;
use fullmakt_http::{IfMatch, Path, Problem};
use fullmakt_wire::scopes::PORTAL;

use super::of_system_user::{Asked, OfSystemUser, system_user_id};
use crate::{CommandState, authorize, request::Request};

/// Pauses a system user: from the answer on nothing is permitted to it, and it gets no token.
///
/// It keeps all that it was given until its owner resumes it. Pausing a paused one is no error.
#[utoipa::path(
    post,
    path = "/fullmakt/v1/system-users/{id}/pause",
    tag = "system users",
    operation_id = "pause_system_user",
    params(
        ("id" = String, Path, description = "The system user's id.", example = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of what was read; another version is refused.", example = "\"4711\""),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 204, description = "Done, or so already."),
        (status = 400, description = "A header cannot be used.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "The caller does not manage the owner's access.", content_type = "application/problem+json"),
        (status = 404, description = "There is no such system user.", content_type = "application/problem+json"),
        (status = 410, description = "The system user was deleted.", content_type = "application/problem+json"),
        (status = 412, description = "The system user has changed since it was read.", content_type = "application/problem+json"),
        (status = 422, description = "The idempotency key came with another body before.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing was decided in time.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.system_users.own_pause", skip_all)]
pub(crate) async fn pause_system_user(
    State(state): State<CommandState>,
    request: Request,
    Path(id): Path<String>,
    if_match: Option<IfMatch>,
) -> Result<Response, Problem> {
    let by = authorize::person(&request.caller)?;
    let asked = Asked::Manage { by, action: ManagementAction::Pause };
    let command = OfSystemUser::new(&state, &request, system_user_id(&id)?, if_match, asked);
    request.execute(&state, &(), command).await
}
