//! One request, for the page on which it is approved.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use fullmakt_domain::AuthCode;
use fullmakt_events::event::SystemUserKind;
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::{Authenticated, Caller};
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::{InternalRequestResponse, RequestView, auth_error, scopes::PORTAL};

use crate::{
    QueryState,
    access::{self, Answering},
};

/// Shows a request for a standard system user to somebody who may approve it, or may hand it to
/// those who may (`userMayEscalateButNotApprove`).
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/request/{request_id}",
    tag = "system user requests",
    operation_id = "get_request_for_approval",
    params(("request_id" = String, Path, description = "The request's id.")),
    responses(
        (status = 200, description = "The request.", body = InternalRequestResponse),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller may neither approve nor escalate it (AUTH-00066)."),
        (status = 404, description = "There is no such request (AUTH-00010)."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.requests.portal_get", skip_all)]
pub(crate) async fn get_request_for_approval(
    State(state): State<QueryState>,
    Authenticated(caller): Authenticated,
    CompatPath(request_id): CompatPath<String>,
    reading: Reading,
) -> Result<Response, AltinnError> {
    show(&state, &caller, SystemUserKind::Standard, &request_id, &reading).await
}

/// Shows a request for a system user that acts for clients to somebody who may approve it, or may
/// hand it to those who may (`userMayEscalateButNotApprove`).
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/request/agent/{request_id}",
    tag = "system user requests",
    operation_id = "get_agent_request_for_approval",
    params(("request_id" = String, Path, description = "The request's id.")),
    responses(
        (status = 200, description = "The request.", body = InternalRequestResponse),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller may neither approve nor escalate it (AUTH-00066)."),
        (status = 404, description = "There is no such request (AUTH-00010)."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.requests.portal_get_agent", skip_all)]
pub(crate) async fn get_agent_request_for_approval(
    State(state): State<QueryState>,
    Authenticated(caller): Authenticated,
    CompatPath(request_id): CompatPath<String>,
    reading: Reading,
) -> Result<Response, AltinnError> {
    show(&state, &caller, SystemUserKind::Agent, &request_id, &reading).await
}

async fn show(
    state: &QueryState,
    caller: &Caller,
    kind: SystemUserKind,
    request_id: &str,
    reading: &Reading,
) -> Result<Response, AltinnError> {
    caller.require_any_scope(&[PORTAL])?;
    let request = super::request(reading, kind, request_id).await?;
    let customer = reading
        .reader
        .party(request.customer_party, None)
        .await
        .map_err(failed_there)?
        .ok_or_else(|| auth_error(AuthCode::RequestNotFound, "the customer is not known"))?;
    let party = (customer.party, customer.number);
    let response = InternalRequestResponse::new(&RequestView::from(&request), &state.pages, party);
    let response = match access::answering(state, caller, customer.number).await? {
        Answering::May => response,
        Answering::MayNot(why) => {
            if !access::represents(state, caller, customer.number).await? {
                return Err(auth_error(AuthCode::NotAccessManager, why));
            }
            response.for_escalation()
        }
    };
    Ok((reading.token, Json(response)).into_response())
}
