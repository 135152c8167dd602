//! Visible systems, for customers.

use axum::{Json, response::IntoResponse};
use fullmakt_http::{AltinnError, ConsistencyToken};
use fullmakt_pep::Authenticated;
use fullmakt_wire::{RegisteredSystemDto, scopes::PORTAL};

use fullmakt_reading::{Reading, failed_there};

/// Lists the systems that customers can find by themselves.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemregister",
    tag = "system register",
    operation_id = "list_systems",
    responses(
        (status = 200, description = "The visible systems, by id.", body = Vec<RegisteredSystemDto>),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.systems.list", skip_all)]
pub(crate) async fn list_systems(
    Authenticated(caller): Authenticated,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    caller.require_any_scope(&[PORTAL])?;
    let systems = reading.reader.visible_systems(None).await.map_err(failed_there)?;
    let systems: Vec<RegisteredSystemDto> =
        systems.iter().map(|system| (&system.definition).into()).collect();
    Ok::<(ConsistencyToken, _), _>((reading.token, Json(systems)))
}
