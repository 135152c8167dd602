//! One request, for the customer that it was made to.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use fullmakt_domain::AuthCode;
use fullmakt_events::{PartyNumber, event::SystemUserKind};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::Permitted;
use fullmakt_reading::Reading;
use fullmakt_wire::{RequestSystemResponse, RequestView, auth_error, scopes::PORTAL};

use crate::{QueryState, access};

/// Shows a request for a standard system user to those who manage the customer's access.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/request/{party}/{request_id}",
    tag = "system user requests",
    operation_id = "get_request_of_party",
    params(
        ("party" = u32, Path, description = "The customer's integer party id."),
        ("request_id" = String, Path, description = "The request's id."),
    ),
    responses(
        (status = 200, description = "The request.", body = RequestSystemResponse),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access."),
        (status = 404, description = "The party has no such request (AUTH-00010)."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.requests.party_get", skip_all)]
pub(crate) async fn get_request_of_party(
    State(state): State<QueryState>,
    _: Permitted,
    CompatPath((party, request_id)): CompatPath<(u32, String)>,
    reading: Reading,
) -> Result<Response, AltinnError> {
    show(&state, SystemUserKind::Standard, (party, &request_id), &reading).await
}

/// Shows a request for a system user that acts for clients to those who manage the customer's
/// access.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/request/agent/{party}/{request_id}",
    tag = "system user requests",
    operation_id = "get_agent_request_of_party",
    params(
        ("party" = u32, Path, description = "The customer's integer party id."),
        ("request_id" = String, Path, description = "The request's id."),
    ),
    responses(
        (status = 200, description = "The request, without `rights`.", body = RequestSystemResponse),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access."),
        (status = 404, description = "The party has no such request (AUTH-00010)."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.requests.party_get_agent", skip_all)]
pub(crate) async fn get_agent_request_of_party(
    State(state): State<QueryState>,
    _: Permitted,
    CompatPath((party, request_id)): CompatPath<(u32, String)>,
    reading: Reading,
) -> Result<Response, AltinnError> {
    show(&state, SystemUserKind::Agent, (party, &request_id), &reading).await
}

async fn show(
    state: &QueryState,
    kind: SystemUserKind,
    (party, request_id): (u32, &str),
    reading: &Reading,
) -> Result<Response, AltinnError> {
    let number = PartyNumber::new(party);
    let request = super::request(reading, kind, request_id).await?;
    let party = access::party(reading, number).await?;
    if party.is_none_or(|party| party.party != request.customer_party) {
        return Err(auth_error(AuthCode::RequestNotFound, "the party has no such request"));
    }
    let view = RequestView::from(&request);
    let response = RequestSystemResponse::new(&view, &state.pages, reading.now);
    Ok((reading.token, Json(response)).into_response())
}
