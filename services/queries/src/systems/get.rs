//! One system, for customers.

use axum::{Json, http::StatusCode, response::IntoResponse};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::Authenticated;
use fullmakt_wire::{RegisteredSystemDto, scopes::PORTAL};

use fullmakt_reading::Reading;

/// Shows a system as customers see it.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemregister/{system_id}",
    tag = "system register",
    operation_id = "get_system",
    params(("system_id" = String, Path, description = "The system's id.")),
    responses(
        (status = 200, description = "The system.", body = RegisteredSystemDto),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "There is no such system."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.systems.get", skip_all)]
pub(crate) async fn get_system(
    Authenticated(caller): Authenticated,
    CompatPath(system_id): CompatPath<String>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    caller.require_any_scope(&[PORTAL])?;
    let system = super::system(&reading, &system_id).await?.filter(|system| !system.is_deleted);
    let Some(system) = system else {
        return Err(AltinnError::PlainText(StatusCode::NOT_FOUND, "".into()));
    };
    Ok((reading.token, Json(RegisteredSystemDto::from(&system.definition))))
}
