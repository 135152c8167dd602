//! One system, for its vendor.

use axum::{Json, http::StatusCode, response::IntoResponse};
use fullmakt_domain::Authority;
use fullmakt_http::{AltinnError, CompatPath, Problem, ProblemType};
use fullmakt_pep::Authenticated;
use fullmakt_wire::{
    RegisteredSystemResponse,
    scopes::{SYSTEM_REGISTER_ADMIN, SYSTEM_REGISTER_WRITE},
};

use fullmakt_reading::Reading;

/// Shows a system as its vendor sees it, also after it was deleted.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemregister/vendor/{system_id}",
    tag = "system register",
    operation_id = "get_system_of_vendor",
    params(("system_id" = String, Path, description = "The system's id.")),
    responses(
        (status = 200, description = "The system.", body = RegisteredSystemResponse),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing, or the system is another's."),
        (status = 404, description = "There is no such system."),
    ),
    security(("bearer" = [SYSTEM_REGISTER_WRITE]))
)]
#[tracing::instrument(name = "handler.systems.vendor_get", skip_all)]
pub(crate) async fn get_system_of_vendor(
    Authenticated(caller): Authenticated,
    CompatPath(system_id): CompatPath<String>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    caller.require_any_scope(&[SYSTEM_REGISTER_WRITE, SYSTEM_REGISTER_ADMIN])?;
    let authority = if caller.has_scope(SYSTEM_REGISTER_ADMIN) {
        Some(Authority::Administrator)
    } else {
        caller.org.map(Authority::Organization)
    };
    let Some(system) = super::system(&reading, &system_id).await? else {
        return Err(AltinnError::PlainText(StatusCode::NOT_FOUND, "".into()));
    };
    let vendor = system.definition.vendor;
    if !authority.is_some_and(|authority| authority.covers(vendor)) {
        return Err(Problem::of(
            ProblemType::Forbidden,
            "the system belongs to another organisation than the one your token names",
        )
        .into());
    }
    let body = RegisteredSystemResponse::new(&system.definition, system.is_deleted);
    Ok((reading.token, Json(body)))
}
