//! One change request, for the page on which it is approved.

use axum::{Json, extract::State, response::IntoResponse};
use fullmakt_domain::AuthCode;
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::Authenticated;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::{InternalChangeRequestResponse, auth_error};

use crate::{
    QueryState,
    access::{self, Answering},
};

/// Shows a change request to somebody who may approve it.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/changerequest/{request_id}",
    tag = "system user change requests",
    operation_id = "get_change_request_for_approval",
    params(("request_id" = String, Path, description = "The change request's id.")),
    responses(
        (status = 200, description = "The change request.", body = InternalChangeRequestResponse),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller may not approve it (AUTH-00066)."),
        (status = 404, description = "There is no such change request (AUTH-00010)."),
    ),
    security(("bearer" = []))
)]
#[tracing::instrument(name = "handler.change_requests.portal_get", skip_all)]
pub(crate) async fn get_change_request_for_approval(
    State(state): State<QueryState>,
    Authenticated(caller): Authenticated,
    CompatPath(request_id): CompatPath<String>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    let request = super::change_request(&reading, &request_id).await?;
    let customer = reading
        .reader
        .party(request.customer_party, None)
        .await
        .map_err(failed_there)?
        .ok_or_else(|| auth_error(AuthCode::RequestNotFound, "the customer is not known"))?;
    match access::answering(&state, &caller, customer.number).await? {
        Answering::May => {}
        Answering::MayNot(why) => return Err(auth_error(AuthCode::NotAccessManager, why)),
    }
    let party = (customer.party, customer.number);
    let view = (&request).into();
    let response = InternalChangeRequestResponse::new(&view, &state.pages, party, reading.now);
    Ok((reading.token, Json(response)))
}
