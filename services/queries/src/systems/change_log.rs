//! The change log of a system.

use axum::{Json, response::IntoResponse};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::Authenticated;
use fullmakt_wire::{SystemChangeLogEntry, scopes::SYSTEM_REGISTER_WRITE};

use fullmakt_reading::{Reading, failed_there};

/// Lists all changes of a system, the newest first, one entry for each call that changed it.
///
/// The log of a deleted system stays, with its deletion as the first entry.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemregister/vendor/{system_id}/changelog",
    tag = "system register",
    operation_id = "get_change_log_of_system",
    params(("system_id" = String, Path, description = "The system's id.", example = "310010014_smartcloud")),
    responses(
        (status = 200, description = "The changes, the newest first.", body = Vec<SystemChangeLogEntry>, example = json!([
            {
                "systemInternalId": "0197a000-0000-7000-8000-000000000001",
                "changedByOrgNumber": "310010014",
                "changeType": "accesspackageupdate",
                "changedData": [{ "urn": "urn:altinn:accesspackage:merverdiavgift" }],
                "clientId": "smartcloud-client",
                "created": "2026-11-21T21:13:00.123456Z",
            },
        ])),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing, or the system is another's."),
        (status = 404, description = "There is no such system.", body = String, content_type = "text/plain", example = json!("There is no system with the id `310010014_nothing`. Use the id that it was registered with.")),
    ),
    security(("bearer" = [SYSTEM_REGISTER_WRITE]))
)]
#[tracing::instrument(name = "handler.systems.change_log", skip_all)]
pub(crate) async fn get_change_log_of_system(
    Authenticated(caller): Authenticated,
    CompatPath(system_id): CompatPath<String>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    let system = super::system_of_vendor(&reading, &caller, &system_id).await?;
    let changes = reading.reader.changes_of_system(&system.system, None).await;
    let changes = changes.map_err(failed_there)?;
    let entries =
        changes.iter().map(|change| SystemChangeLogEntry::new(system.internal_id, change));
    Ok((reading.token, Json(entries.collect::<Vec<_>>())))
}
