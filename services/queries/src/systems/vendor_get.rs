//! One system, for its vendor.

use axum::{Json, response::IntoResponse};
use fullmakt_http::{AltinnError, CompatPath, EntityVersion};
use fullmakt_pep::Authenticated;
use fullmakt_wire::{RegisteredSystemResponse, scopes::SYSTEM_REGISTER_WRITE};

use fullmakt_reading::Reading;

/// Shows a system as its vendor sees it, also after it was deleted.
///
/// The `ETag` is the system's version: sent back as `If-Match`, it keeps a change from being made
/// to another version than the one that was read.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemregister/vendor/{system_id}",
    tag = "system register",
    operation_id = "get_system_of_vendor",
    params(("system_id" = String, Path, description = "The system's id.", example = "310010014_smartcloud")),
    responses(
        (
            status = 200,
            description = "The system.",
            body = RegisteredSystemResponse,
            headers(("ETag" = String, description = "The system's version.")),
            example = json!({
                "id": "310010014_smartcloud",
                "vendor": { "ID": "0192:310010014" },
                "name": { "nb": "Smartsky", "nn": "Smartsky", "en": "Smartcloud" },
                "description": { "nb": "Rapporter", "nn": "Rapportar", "en": "Reports" },
                "rights": [{ "action": "read", "resource": [{ "id": "urn:altinn:resource", "value": "demo-vat-return" }] }],
                "accessPackages": [{ "urn": "urn:altinn:accesspackage:merverdiavgift" }],
                "isDeleted": false,
                "clientId": ["smartcloud-client"],
                "isVisible": true,
                "allowedRedirectUrls": ["https://smartcloud.example.no/receipt"],
            })
        ),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing, or the system is another's."),
        (status = 404, description = "There is no such system.", body = String, content_type = "text/plain", example = json!("There is no system with the id `310010014_nothing`. Use the id that it was registered with.")),
    ),
    security(("bearer" = [SYSTEM_REGISTER_WRITE]))
)]
#[tracing::instrument(name = "handler.systems.vendor_get", skip_all)]
pub(crate) async fn get_system_of_vendor(
    Authenticated(caller): Authenticated,
    CompatPath(system_id): CompatPath<String>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    let system = super::system_of_vendor(&reading, &caller, &system_id).await?;
    let body = RegisteredSystemResponse::new(&system.definition, system.is_deleted);
    Ok((reading.token, EntityVersion(system.version), Json(body)))
}
