//! One system user of a party, in detail.

use axum::{Json, response::IntoResponse};
use fullmakt_events::PartyNumber;
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::Permitted;
use fullmakt_reading::Reading;
use fullmakt_wire::{InternalSystemUser, OwnerView, SystemUserView, scopes::PORTAL};

/// Shows a system user, of either kind, with the rights and packages that it was given.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/{party}/{system_user_id}",
    tag = "system users",
    operation_id = "get_system_user",
    params(
        ("party" = u32, Path, description = "The owner's integer party id.", example = 50_010_022),
        ("system_user_id" = String, Path, description = "The system user's id.", example = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77"),
    ),
    responses(
        (status = 200, description = "The system user.", body = InternalSystemUser),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller may not see the party's system users."),
        (status = 404, description = "The party has no such system user (AUTH-00015)."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.system_users.get", skip_all)]
pub(crate) async fn get_system_user(
    _: Permitted,
    CompatPath((party, id)): CompatPath<(u32, String)>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    let number = PartyNumber::new(party);
    let (user, owner) = super::of_party(&reading, number, &id).await?;
    let view = SystemUserView::from(&user);
    let system = super::internal_id(&reading, &user.system).await?;
    let owner = OwnerView { system, number: owner.number, party: owner.party };
    let body = InternalSystemUser::new(&view, owner).with_rights(&view);
    Ok((reading.token, Json(body)))
}
