//! The system users of a party that act for its clients.

use axum::{Json, response::IntoResponse};
use fullmakt_events::{PartyNumber, event::SystemUserKind};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::Permitted;
use fullmakt_reading::Reading;
use fullmakt_wire::{InternalSystemUser, scopes::PORTAL};

/// Lists the system users of a party that act for its clients.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/agent/{party}",
    tag = "system users",
    operation_id = "list_agent_system_users",
    params(("party" = u32, Path, description = "The party's integer id.", example = 50_010_022)),
    responses(
        (status = 200, description = "The system users, oldest first.", body = Vec<InternalSystemUser>),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller may not see the party's system users."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.system_users.list_agents", skip_all)]
pub(crate) async fn list_agent_system_users(
    _: Permitted,
    CompatPath(party): CompatPath<u32>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    let number = PartyNumber::new(party);
    let users = super::of_owner(&reading, number, SystemUserKind::Agent).await?;
    Ok((reading.token, Json(users)))
}
