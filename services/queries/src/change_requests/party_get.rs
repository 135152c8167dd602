//! One change request, for the customer that it was made to.

use axum::{Json, extract::State, response::IntoResponse};
use fullmakt_domain::AuthCode;
use fullmakt_events::PartyNumber;
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::Permitted;
use fullmakt_reading::Reading;
use fullmakt_wire::{ChangeRequestResponse, auth_error};

use crate::{QueryState, access};

/// Shows a change request to those who manage the customer's access.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/changerequest/{party}/{request_id}",
    tag = "system user change requests",
    operation_id = "get_change_request_of_party",
    params(
        ("party" = u32, Path, description = "The customer's integer party id."),
        ("request_id" = String, Path, description = "The change request's id."),
    ),
    responses(
        (status = 200, description = "The change request.", body = ChangeRequestResponse),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access."),
        (status = 404, description = "The party has no such change request (AUTH-00010)."),
    ),
    security(("bearer" = []))
)]
#[tracing::instrument(name = "handler.change_requests.party_get", skip_all)]
pub(crate) async fn get_change_request_of_party(
    State(state): State<QueryState>,
    _: Permitted,
    CompatPath((party, request_id)): CompatPath<(u32, String)>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    let number = PartyNumber::new(party);
    let request = super::change_request(&reading, &request_id).await?;
    let party = access::party(&reading, number).await?;
    if party.is_none_or(|party| party.party != request.customer_party) {
        return Err(auth_error(AuthCode::RequestNotFound, "the party has no such change request"));
    }
    let response = ChangeRequestResponse::new(&(&request).into(), &state.pages, reading.now);
    Ok((reading.token, Json(response)))
}
