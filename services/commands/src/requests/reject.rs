//! Rejecting a request.

use axum::{extract::State, response::Response};
use fullmakt_events::event::SystemUserKind;
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_wire::scopes::PORTAL;

use super::answer::{Verb, answer};
use crate::{CommandState, request::Request};

/// Rejects a request for a standard system user.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemuser/request/{party}/{request_id}/reject",
    tag = "system user requests",
    operation_id = "reject_request",
    params(
        ("party" = u32, Path, description = "The customer's integer party id."),
        ("request_id" = String, Path, description = "The request's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 200, description = "Rejected: `true`.", body = bool, example = json!(true)),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access, or the request is another party's (AUTH-00041)."),
        (status = 404, description = "There is no such request (AUTH-00010)."),
        (status = 409, description = "The request was answered, or has timed out (AUTH-00013)."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.requests.reject", skip_all)]
pub(crate) async fn reject_request(
    State(state): State<CommandState>,
    request: Request,
    CompatPath((party, id)): CompatPath<(u32, String)>,
) -> Result<Response, AltinnError> {
    answer(&state, &request, (party, &id), SystemUserKind::Standard, Verb::Reject).await
}

/// Rejects a request for a system user that acts for clients.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemuser/request/agent/{party}/{request_id}/reject",
    tag = "system user requests",
    operation_id = "reject_agent_request",
    params(
        ("party" = u32, Path, description = "The customer's integer party id."),
        ("request_id" = String, Path, description = "The request's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 200, description = "Rejected: `true`.", body = bool, example = json!(true)),
        (status = 400, description = "The request is for a standard system user (AUTH-00025)."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access, or the request is another party's (AUTH-00042)."),
        (status = 404, description = "There is no such request (AUTH-00030)."),
        (status = 409, description = "The request was answered, or has timed out (AUTH-00013)."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.requests.reject_agent", skip_all)]
pub(crate) async fn reject_agent_request(
    State(state): State<CommandState>,
    request: Request,
    CompatPath((party, id)): CompatPath<(u32, String)>,
) -> Result<Response, AltinnError> {
    answer(&state, &request, (party, &id), SystemUserKind::Agent, Verb::Reject).await
}
