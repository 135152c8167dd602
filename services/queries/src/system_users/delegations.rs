//! What a system user was given.

use axum::{Json, response::IntoResponse};
use fullmakt_events::PartyNumber;
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::Permitted;
use fullmakt_projections::SystemUserRow;
use fullmakt_reading::Reading;
use fullmakt_wire::{AccessPackageBody, RightBody, scopes::PORTAL};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a system user was given.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SystemUserDelegations {
    #[schema(example = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77")]
    system_user_id: Uuid,
    /// The single rights that were delegated: one resource and one action each.
    rights: Vec<RightBody>,
    /// The access packages that were delegated.
    access_packages: Vec<AccessPackageBody>,
}

impl From<&SystemUserRow> for SystemUserDelegations {
    fn from(row: &SystemUserRow) -> Self {
        Self {
            system_user_id: row.id.uuid(),
            rights: row.delegated.iter().map(Into::into).collect(),
            access_packages: row.access_packages.iter().map(Into::into).collect(),
        }
    }
}

/// Shows what a system user was given: exactly what a deletion takes back.
///
/// What of it counts at a decision depends on what its system lists then.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/{party}/{system_user_id}/delegations",
    tag = "system users",
    operation_id = "get_delegations_of_system_user",
    params(
        ("party" = u32, Path, description = "The owner's integer party id.", example = 50_010_022),
        ("system_user_id" = String, Path, description = "The system user's id.", example = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77"),
    ),
    responses(
        (status = 200, description = "What it was given.", body = SystemUserDelegations),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access."),
        (status = 404, description = "The party has no such system user (AUTH-00015)."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.system_users.delegations", skip_all)]
pub(crate) async fn get_delegations_of_system_user(
    _: Permitted,
    CompatPath((party, id)): CompatPath<(u32, String)>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    let number = PartyNumber::new(party);
    let (user, _) = super::of_party(&reading, number, &id).await?;
    Ok((reading.token, Json(SystemUserDelegations::from(&user))))
}
