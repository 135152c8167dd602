//! The standard system users of a party.

use axum::{Json, response::IntoResponse};
use fullmakt_events::{PartyNumber, event::SystemUserKind};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::Permitted;
use fullmakt_reading::Reading;
use fullmakt_wire::{InternalSystemUser, scopes::PORTAL};

/// Lists the standard system users of a party.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/{party}",
    tag = "system users",
    operation_id = "list_system_users",
    params(("party" = u32, Path, description = "The party's integer id.", example = 50_010_022)),
    responses(
        (status = 200, description = "The system users, oldest first.", body = Vec<InternalSystemUser>),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.system_users.list", skip_all)]
pub(crate) async fn list_system_users(
    _: Permitted,
    CompatPath(party): CompatPath<u32>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    let number = PartyNumber::new(party);
    let users = super::of_owner(&reading, number, SystemUserKind::Standard).await?;
    Ok((reading.token, Json(users)))
}
