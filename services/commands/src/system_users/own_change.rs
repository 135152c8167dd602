//! Changing what an owner says of its system user: its title.

use axum::{extract::State, response::Response};
use fullmakt_domain::agreement::ManagementAction;
use fullmakt_http::{IfMatch, Path, Problem, StrictJson};
use fullmakt_wire::scopes::PORTAL;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::of_system_user::{Asked, OfSystemUser, system_user_id};
use crate::{CommandState, authorize, request::Request};

/// What is to be different.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangeSystemUser {
    /// What the system user is to be called: 1 to 255 characters, without spaces around them.
    #[schema(example = "Our shop", min_length = 1, max_length = 255)]
    integration_title: String,
}

/// Renames a system user.
///
/// Only those who manage its owner's access do. That it is called so already is no error.
#[utoipa::path(
    patch,
    path = "/fullmakt/v1/system-users/{id}",
    tag = "system users",
    operation_id = "change_system_user",
    request_body = ChangeSystemUser,
    params(
        ("id" = String, Path, description = "The system user's id.", example = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of what was read; another version is refused.", example = "\"4711\""),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 204, description = "Done, or so already."),
        (status = 400, description = "The title or a header cannot be used.", content_type = "application/problem+json"),
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
#[tracing::instrument(name = "handler.system_users.own_change", skip_all)]
pub(crate) async fn change_system_user(
    State(state): State<CommandState>,
    request: Request,
    Path(id): Path<String>,
    if_match: Option<IfMatch>,
    StrictJson(body): StrictJson<ChangeSystemUser>,
) -> Result<Response, Problem> {
    let action = ManagementAction::Rename(body.integration_title.clone());
    let id = system_user_id(&id)?;
    let asked = Asked::Manage { by: authorize::person(&request.caller)?, action };
    let command = OfSystemUser::new(&state, &request, id, if_match, asked);
    request.execute(&state, &body, command).await
}
