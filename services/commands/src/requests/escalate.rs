//! Escalating a request: somebody who may not approve it hands it to those who may.

use axum::{extract::State, response::Response};
use fullmakt_events::event::SystemUserKind;
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_wire::scopes::PORTAL;

use super::answer::{Verb, answer};
use crate::{CommandState, request::Request};

/// Hands a request for a standard system user to those who may approve it.
///
/// Everybody who represents the party may. The request waits as before, and says that it was
/// escalated; escalating it again changes nothing.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemuser/request/{party}/{request_id}/escalate",
    tag = "system user requests",
    operation_id = "escalate_request",
    params(
        ("party" = u32, Path, description = "The customer's integer party id."),
        ("request_id" = String, Path, description = "The request's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 200, description = "Escalated: `true`.", body = bool, example = json!(true)),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller holds no role for the party, or the request is another party's (AUTH-00041)."),
        (status = 404, description = "There is no such request (AUTH-00010)."),
        (status = 409, description = "The request was answered, or has timed out (AUTH-00013)."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.requests.escalate", skip_all)]
pub(crate) async fn escalate_request(
    State(state): State<CommandState>,
    request: Request,
    CompatPath((party, id)): CompatPath<(u32, String)>,
) -> Result<Response, AltinnError> {
    answer(&state, &request, (party, &id), SystemUserKind::Standard, Verb::Escalate).await
}

/// Hands a request for a system user that acts for clients to those who may approve it.
///
/// Everybody who represents the party may. The request waits as before, and is on the list of those
/// that wait for approval; escalating it again changes nothing.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemuser/request/agent/{party}/{request_id}/escalate",
    tag = "system user requests",
    operation_id = "escalate_agent_request",
    params(
        ("party" = u32, Path, description = "The customer's integer party id."),
        ("request_id" = String, Path, description = "The request's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 200, description = "Escalated: `true`.", body = bool, example = json!(true)),
        (status = 400, description = "The request is for a standard system user (AUTH-00025)."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller holds no role for the party, or the request is another party's (AUTH-00042)."),
        (status = 404, description = "There is no such request (AUTH-00030)."),
        (status = 409, description = "The request was answered, or has timed out (AUTH-00013)."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.requests.escalate_agent", skip_all)]
pub(crate) async fn escalate_agent_request(
    State(state): State<CommandState>,
    request: Request,
    CompatPath((party, id)): CompatPath<(u32, String)>,
) -> Result<Response, AltinnError> {
    answer(&state, &request, (party, &id), SystemUserKind::Agent, Verb::Escalate).await
}
