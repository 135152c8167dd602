//! The newest change request of a system user, by its vendor's own reference.

use axum::{Json, extract::State, response::IntoResponse};
use fullmakt_domain::AuthCode;
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::Authenticated;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_readstore::Reference;
use fullmakt_wire::{ChangeRequestResponse, auth_error, scopes::REQUEST_READ};

use crate::{QueryState, vendor::vendor};

/// Shows the newest change request of a system user to the vendor that made it, by system, customer
/// and external reference.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/changerequest/vendor/byexternalref/{system_id}/{org_no}/{external_ref}",
    tag = "system user change requests",
    operation_id = "get_change_request_by_reference",
    params(
        ("system_id" = String, Path, description = "The system's id."),
        ("org_no" = String, Path, description = "The customer's organisation number."),
        ("external_ref" = String, Path, description = "The vendor's reference."),
    ),
    responses(
        (status = 200, description = "The change request.", body = ChangeRequestResponse),
        (status = 401, description = "No token, or one without an organisation (AUTH-00023)."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "There is no such change request of this vendor (AUTH-00010)."),
    ),
    security(("bearer" = [REQUEST_READ]))
)]
#[tracing::instrument(name = "handler.change_requests.vendor_by_reference", skip_all)]
pub(crate) async fn get_change_request_by_reference(
    State(state): State<QueryState>,
    Authenticated(caller): Authenticated,
    CompatPath((system, customer, external_ref)): CompatPath<(String, String, String)>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    let vendor = vendor(&caller)?;
    let unknown = || {
        auth_error(
            AuthCode::RequestNotFound,
            "there is no change request of yours with this system, customer and reference",
        )
    };
    let (Ok(system), Ok(customer)) = (system.parse(), customer.parse()) else {
        return Err(unknown());
    };
    let reference = Reference { system, customer, external_ref };
    let request = reading.reader.change_request_by_reference(&reference, None).await;
    let request = request.map_err(failed_there)?;
    let request = request.filter(|request| request.vendor == vendor).ok_or_else(unknown)?;
    let response = ChangeRequestResponse::new(&(&request.row).into(), &state.pages, reading.now);
    Ok((reading.token, Json(response)))
}
