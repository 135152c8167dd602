//! One change request, for its vendor.

use axum::{Json, extract::State, response::IntoResponse};
use fullmakt_domain::AuthCode;
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::Authenticated;
use fullmakt_reading::Reading;
use fullmakt_wire::{ChangeRequestResponse, auth_error, scopes::REQUEST_READ};

use crate::{QueryState, vendor::vendor};

/// Shows a change request to the vendor that made it.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/changerequest/vendor/{request_id}",
    tag = "system user change requests",
    operation_id = "get_change_request_of_vendor",
    params(("request_id" = String, Path, description = "The change request's id.")),
    responses(
        (status = 200, description = "The change request.", body = ChangeRequestResponse),
        (status = 401, description = "No token, or one without an organisation (AUTH-00023)."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "Unknown (AUTH-00010), or another vendor's (AUTH-00011)."),
    ),
    security(("bearer" = [REQUEST_READ]))
)]
#[tracing::instrument(name = "handler.change_requests.vendor_get", skip_all)]
pub(crate) async fn get_change_request_of_vendor(
    State(state): State<QueryState>,
    Authenticated(caller): Authenticated,
    CompatPath(request_id): CompatPath<String>,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    let vendor = vendor(&caller)?;
    let request = super::change_request(&reading, &request_id).await?;
    if request.vendor != vendor {
        return Err(auth_error(AuthCode::SystemNotFound, "the change request is another vendor's"));
    }
    let response = ChangeRequestResponse::new(&(&request).into(), &state.pages, reading.now);
    Ok((reading.token, Json(response)))
}
