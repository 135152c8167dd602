//! The packages that a system may ask for.

use axum::{Json, response::IntoResponse};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::Authenticated;
use fullmakt_wire::{AccessPackageBody, scopes::PORTAL};

use fullmakt_reading::Reading;

/// Lists the access packages that a system may ask customers for. A system that is not there has
/// none.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemregister/{system_id}/accesspackages",
    tag = "system register",
    operation_id = "get_access_packages_of_system",
    params(("system_id" = String, Path, description = "The system's id.")),
    responses(
        (status = 200, description = "The packages.", body = Vec<AccessPackageBody>),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.systems.access_packages", skip_all)]
pub(crate) async fn get_access_packages_of_system(
    Authenticated(caller): Authenticated,
    CompatPath(system_id): CompatPath<String>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    caller.require_any_scope(&[PORTAL])?;
    let system = super::system(&reading, &system_id).await?;
    let packages: Vec<AccessPackageBody> = system
        .iter()
        .flat_map(|system| &system.definition.access_packages)
        .map(Into::into)
        .collect();
    Ok((reading.token, Json(packages)))
}
