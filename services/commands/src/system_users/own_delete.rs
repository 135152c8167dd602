//! Deleting a system user of any kind: as its owner, or as the vendor of its system.

use axum::{extract::State, response::Response};
use fullmakt_http::{IfMatch, Path, Problem, ProblemType};
use fullmakt_pep::Caller;
use fullmakt_wire::scopes::{PORTAL, REQUEST_WRITE};

use super::of_system_user::{Asked, OfSystemUser, system_user_id};
use crate::{CommandState, authorize, request::Request};

/// Deletes a system user, and with it all that it was given.
///
/// Those who manage its owner's access do, and the vendor of its system: whoever set a system user
/// up can also take it away. Deleting a deleted one is no error.
#[utoipa::path(
    delete,
    path = "/fullmakt/v1/system-users/{id}",
    tag = "system users",
    operation_id = "end_system_user",
    params(
        ("id" = String, Path, description = "The system user's id.", example = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of what was read; another version is refused.", example = "\"4711\""),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 204, description = "Done, or so already."),
        (status = 400, description = "A header cannot be used.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "The caller does not manage the owner's access, or the scope is missing.", content_type = "application/problem+json"),
        (status = 404, description = "There is no such system user, or it is of another vendor's system.", content_type = "application/problem+json"),
        (status = 412, description = "The system user has changed since it was read.", content_type = "application/problem+json"),
        (status = 422, description = "The idempotency key came with another body before.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing was decided in time.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [PORTAL]), ("bearer" = [REQUEST_WRITE]))
)]
#[tracing::instrument(name = "handler.system_users.own_delete", skip_all)]
pub(crate) async fn end_system_user(
    State(state): State<CommandState>,
    request: Request,
    Path(id): Path<String>,
    if_match: Option<IfMatch>,
) -> Result<Response, Problem> {
    let id = system_user_id(&id)?;
    let asked = asked(&request.caller)?;
    let command = OfSystemUser::new(&state, &request, id, if_match, asked);
    request.execute(&state, &(), command).await
}

/// A person deletes as the owner, an organisation with the scope as the vendor. A system user
/// deletes nobody.
fn asked(caller: &Caller) -> Result<Asked, Problem> {
    if caller.person.is_some() || caller.system_user.is_some() {
        return Ok(Asked::DeleteAsOwner { by: authorize::person(caller)? });
    }
    caller.require_any_scope(&[REQUEST_WRITE])?;
    caller.org.map(Asked::DeleteAsVendor).ok_or_else(|| {
        Problem::of(
            ProblemType::Forbidden,
            "the token names no organisation; use one that was issued to the vendor",
        )
    })
}
