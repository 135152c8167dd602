//! One request by its vendor's own reference.

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
use fullmakt_readstore::Reference;
use fullmakt_wire::{RequestSystemResponse, RequestView, auth_error, scopes::REQUEST_READ};

use crate::{QueryState, vendor::vendor};

/// Shows a request for a standard system user to the vendor that made it, by system, customer and
/// external reference.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/request/vendor/byexternalref/{system_id}/{org_no}/{external_ref}",
    tag = "system user requests",
    operation_id = "get_request_by_reference",
    params(
        ("system_id" = String, Path, description = "The system's id."),
        ("org_no" = String, Path, description = "The customer's organisation number."),
        ("external_ref" = String, Path, description = "The vendor's reference."),
    ),
    responses(
        (status = 200, description = "The request.", body = RequestSystemResponse),
        (status = 401, description = "No token, or one without an organisation (AUTH-00023)."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "There is no such request of this vendor (AUTH-00010)."),
    ),
    security(("bearer" = [REQUEST_READ]))
)]
#[tracing::instrument(name = "handler.requests.vendor_by_reference", skip_all)]
pub(crate) async fn get_request_by_reference(
    State(state): State<QueryState>,
    Authenticated(caller): Authenticated,
    CompatPath(names): CompatPath<(String, String, String)>,
    reading: Reading,
) -> Result<Response, AltinnError> {
    show(&state, &caller, SystemUserKind::Standard, names, &reading).await
}

/// Shows a request for a system user that acts for clients to the vendor that made it, by system,
/// customer and external reference.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/request/vendor/agent/byexternalref/{system_id}/{org_no}/{external_ref}",
    tag = "system user requests",
    operation_id = "get_agent_request_by_reference",
    params(
        ("system_id" = String, Path, description = "The system's id."),
        ("org_no" = String, Path, description = "The customer's organisation number."),
        ("external_ref" = String, Path, description = "The vendor's reference."),
    ),
    responses(
        (status = 200, description = "The request, without `rights`.", body = RequestSystemResponse),
        (status = 401, description = "No token, or one without an organisation (AUTH-00023)."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "There is no such request of this vendor (AUTH-00010)."),
    ),
    security(("bearer" = [REQUEST_READ]))
)]
#[tracing::instrument(name = "handler.requests.vendor_by_reference_agent", skip_all)]
pub(crate) async fn get_agent_request_by_reference(
    State(state): State<QueryState>,
    Authenticated(caller): Authenticated,
    CompatPath(names): CompatPath<(String, String, String)>,
    reading: Reading,
) -> Result<Response, AltinnError> {
    show(&state, &caller, SystemUserKind::Agent, names, &reading).await
}

async fn show(
    state: &QueryState,
    caller: &Caller,
    kind: SystemUserKind,
    (system, customer, external_ref): (String, String, String),
    reading: &Reading,
) -> Result<Response, AltinnError> {
    let vendor = vendor(caller)?;
    let unknown = || {
        auth_error(
            AuthCode::RequestNotFound,
            "there is no request of yours with this system, customer and reference",
        )
    };
    let (Ok(system), Ok(customer)) = (system.parse(), customer.parse()) else {
        return Err(unknown());
    };
    let reference = Reference { system, customer, external_ref };
    let request = reading
        .reader
        .request_by_reference(&reference, Some(kind), None)
        .await
        .map_err(failed_there)?;
    let request = request.filter(|request| request.vendor == vendor).ok_or_else(unknown)?;
    let view = RequestView::from(&request.row);
    let response = RequestSystemResponse::new(&view, &state.pages, reading.now);
    Ok((reading.token, Json(response)).into_response())
}
