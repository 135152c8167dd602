//! One request, for its vendor.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use fullmakt_domain::AuthCode;
use fullmakt_events::event::SystemUserKind;
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::{Authenticated, Caller};
use fullmakt_reading::Reading;
use fullmakt_wire::{RequestSystemResponse, RequestView, auth_error, scopes::REQUEST_READ};

use crate::{QueryState, vendor::vendor};

/// Shows a request for a standard system user to the vendor that made it.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/request/vendor/{request_id}",
    tag = "system user requests",
    operation_id = "get_request_of_vendor",
    params(("request_id" = String, Path, description = "The request's id.")),
    responses(
        (status = 200, description = "The request.", body = RequestSystemResponse),
        (status = 401, description = "No token, or one without an organisation (AUTH-00023)."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "Unknown (AUTH-00010), or another vendor's (AUTH-00011)."),
    ),
    security(("bearer" = [REQUEST_READ]))
)]
#[tracing::instrument(name = "handler.requests.vendor_get", skip_all)]
pub(crate) async fn get_request_of_vendor(
    State(state): State<QueryState>,
    Authenticated(caller): Authenticated,
    CompatPath(request_id): CompatPath<String>,
    reading: Reading,
) -> Result<Response, AltinnError> {
    show(&state, &caller, SystemUserKind::Standard, &request_id, &reading).await
}

/// Shows a request for a system user that acts for clients to the vendor that made it.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/request/vendor/agent/{request_id}",
    tag = "system user requests",
    operation_id = "get_agent_request_of_vendor",
    params(("request_id" = String, Path, description = "The request's id.")),
    responses(
        (status = 200, description = "The request, without `rights`.", body = RequestSystemResponse),
        (status = 401, description = "No token, or one without an organisation (AUTH-00023)."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "Unknown (AUTH-00010), or another vendor's (AUTH-00011)."),
    ),
    security(("bearer" = [REQUEST_READ]))
)]
#[tracing::instrument(name = "handler.requests.vendor_get_agent", skip_all)]
pub(crate) async fn get_agent_request_of_vendor(
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
    let vendor = vendor(caller)?;
    let request = super::request(reading, kind, request_id).await?;
    if request.vendor != vendor {
        return Err(auth_error(AuthCode::SystemNotFound, "the request is another vendor's"));
    }
    let view = RequestView::from(&request);
    let response = RequestSystemResponse::new(&view, &state.pages, reading.now);
    Ok((reading.token, Json(response)).into_response())
}
