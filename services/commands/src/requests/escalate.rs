//! Escalating a request: somebody who may not approve it hands it to those who may.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::agreement::{Agreement, AgreementCommand, EscalateRequest};
use fullmakt_events::{
    StreamName,
    event::{CommandAnswer, SystemUserKind},
};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::scopes::PORTAL;
use serde_json::json;

use super::{decided, located, request_id};
use crate::{CommandState, load, on_behalf::OnBehalf, request::Request};

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
    escalate(&state, &request, party, &id, SystemUserKind::Standard).await
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
    escalate(&state, &request, party, &id, SystemUserKind::Agent).await
}

async fn escalate(
    state: &CommandState,
    request: &Request,
    party: u32,
    id: &str,
    kind: SystemUserKind,
) -> Result<Response, AltinnError> {
    request.caller.require_any_scope(&[PORTAL])?;
    let on_behalf = OnBehalf::new(state, request, party, request_id(kind, id)?)?;
    request.execute(state, &(), Escalate { on_behalf, kind }).await
}

struct Escalate {
    on_behalf: OnBehalf,
    kind: SystemUserKind,
}

#[async_trait]
impl Command for Escalate {
    type Answer = CommandAnswer;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        self.on_behalf.turn()
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<AltinnError>> {
        let kind = self.kind;
        let OnBehalf { by, id, .. } = self.on_behalf;
        self.on_behalf.represents(attempt).await?;
        let (stream, party) = located(&self.on_behalf, kind, attempt).await?;
        let agreement: Agreement = load::state(attempt, stream.clone()).await?;
        let command = EscalateRequest { id, kind, at: attempt.now(), party, by };
        let command = AgreementCommand::Escalate(command);
        let answer = CommandAnswer { status: 200, location: None, body: Some(json!(true)) };
        decided(&agreement, &command, &stream, answer)
    }
}
