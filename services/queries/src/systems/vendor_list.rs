//! The systems of the caller's organisation.

use axum::{Json, response::IntoResponse};
use fullmakt_http::{AltinnError, Problem, ProblemType};
use fullmakt_pep::Authenticated;
use fullmakt_wire::{
    RegisteredSystemDto,
    scopes::{SYSTEM_REGISTER_ADMIN, SYSTEM_REGISTER_WRITE},
};

use fullmakt_reading::{Reading, failed_there};

/// Lists the systems of the caller's organisation.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemregister/vendor",
    tag = "system register",
    operation_id = "list_systems_of_vendor",
    responses(
        (status = 200, description = "The organisation's systems, by id, without deleted ones.", body = Vec<RegisteredSystemDto>),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing, or the token names no organisation."),
    ),
    security(("bearer" = [SYSTEM_REGISTER_WRITE]))
)]
#[tracing::instrument(name = "handler.systems.vendor_list", skip_all)]
pub(crate) async fn list_systems_of_vendor(
    Authenticated(caller): Authenticated,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    caller.require_any_scope(&[SYSTEM_REGISTER_WRITE, SYSTEM_REGISTER_ADMIN])?;
    let Some(vendor) = caller.org else {
        return Err(Problem::of(
            ProblemType::Forbidden,
            "the token names no organisation; use one that was issued to the vendor",
        )
        .into());
    };
    let systems = reading.reader.systems_of_vendor(vendor, None).await.map_err(failed_there)?;
    let systems: Vec<RegisteredSystemDto> =
        systems.iter().map(|system| (&system.definition).into()).collect();
    Ok((reading.token, Json(systems)))
}
