//! One request, for the page on which it is approved.

use axum::{Json, extract::State, response::IntoResponse};
use fullmakt_domain::AuthCode;
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_pep::Authenticated;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::{InternalRequestResponse, RequestView, auth_error, scopes::PORTAL};

use crate::{
    QueryState,
    access::{self, ACCESS_MANAGEMENT},
};

/// Shows a request to somebody who may approve it.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/request/{request_id}",
    tag = "system user requests",
    operation_id = "get_request_for_approval",
    params(("request_id" = String, Path, description = "The request's id.")),
    responses(
        (status = 200, description = "The request.", body = InternalRequestResponse),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller may not approve it (AUTH-00066)."),
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
) -> Result<impl IntoResponse, AltinnError> {
    caller.require_any_scope(&[PORTAL])?;
    let request = super::request(&reading, &request_id).await?;
    let customer = reading
        .reader
        .party(request.customer_party, None)
        .await
        .map_err(failed_there)?
        .ok_or_else(|| auth_error(AuthCode::RequestNotFound, "the customer is not known"))?;
    access::require(&state, &caller, ACCESS_MANAGEMENT, "write", customer.number).await.map_err(
        |error| match error {
            AltinnError::Ours(problem) if problem.kind().status().as_u16() == 403 => {
                auth_error(AuthCode::NotAccessManager, problem.detail().unwrap_or_default())
            }
            error @ (AltinnError::Problem(_)
            | AltinnError::Validation(_)
            | AltinnError::ModelState(_)
            | AltinnError::PlainProblem(_)
            | AltinnError::PlainText(..)
            | AltinnError::Ours(_)) => error,
        },
    )?;
    let party = (customer.party, customer.number);
    let view = RequestView::from(&request);
    Ok((reading.token, Json(InternalRequestResponse::new(&view, &state.pages, party))))
}
