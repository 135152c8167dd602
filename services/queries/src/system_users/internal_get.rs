//! One system user, for components of the platform.

use axum::{Json, http::StatusCode, response::IntoResponse};
use fullmakt_events::SystemUserId;
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::PlatformOrBearer;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::scopes::SYSTEM_USER_ADMIN;
use uuid::Uuid;

use super::registered::RegisteredSystemUser;

/// Shows a system user to a component of the platform.
///
/// As the contract has it, one that never was is gone just as one that was deleted. Under
/// `/fullmakt/v1/system-users/{id}` the two are told apart.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/internal/systemusers/{system_user_id}",
    tag = "system users",
    operation_id = "get_registered_system_user",
    params(
        ("system_user_id" = String, Path, description = "The system user's id.", example = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77"),
        ("PlatformAccessToken" = Option<String>, Header, description = "The token of a component of the platform, instead of a bearer token."),
    ),
    responses(
        (status = 200, description = "The system user.", body = RegisteredSystemUser),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing."),
        (status = 410, description = "There is no such system user, or it was deleted; the body is empty."),
    ),
    security(("bearer" = [SYSTEM_USER_ADMIN]))
)]
#[tracing::instrument(name = "handler.system_users.internal_get", skip_all)]
pub(crate) async fn get_registered_system_user(
    PlatformOrBearer(caller): PlatformOrBearer,
    CompatPath(id): CompatPath<String>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    caller.require_platform_or_scope(&[SYSTEM_USER_ADMIN])?;
    let gone = || AltinnError::PlainText(StatusCode::GONE, "".into());
    let id = SystemUserId::new(id.parse::<Uuid>().map_err(|_| gone())?);
    let user = reading.reader.system_user(id, None).await.map_err(failed_there)?;
    let user = user.filter(|user| !user.is_deleted).ok_or_else(gone)?;
    let shown = RegisteredSystemUser::of(&reading, std::iter::once(&user.row)).await?;
    let shown = shown.into_iter().next().ok_or_else(gone)?;
    Ok((reading.token, Json(shown)))
}
