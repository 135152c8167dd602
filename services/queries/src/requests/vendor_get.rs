//! One request, for its vendor.

use axum::{Json, extract::State, response::IntoResponse};
use fullmakt_domain::AuthCode;
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::Authenticated;
use fullmakt_reading::Reading;
use fullmakt_wire::{RequestSystemResponse, RequestView, auth_error, scopes::REQUEST_READ};

use crate::QueryState;

/// Shows a request to the vendor that made it.
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
) -> Result<impl IntoResponse, AltinnError> {
    let vendor = super::vendor(&caller)?;
    let request = super::request(&reading, &request_id).await?;
    if request.vendor != vendor {
        return Err(auth_error(AuthCode::SystemNotFound, "the request is another vendor's"));
    }
    let view = RequestView::from(&request);
    Ok((reading.token, Json(RequestSystemResponse::new(&view, &state.pages, reading.now))))
}
