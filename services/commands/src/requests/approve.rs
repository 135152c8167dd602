//! Approving a request: the customer has a system user.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::agreement::{Agreement, AgreementCommand, ApprovalFacts, ApproveRequest};
use fullmakt_events::{
    PartyId, StreamName,
    event::{CommandAnswer, RequestCreated, SystemUserKind},
};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::scopes::PORTAL;
use serde_json::json;

use super::{decided, located, on_behalf};
use crate::{CommandState, delegation, load, on_behalf::OnBehalf, request::Request};

/// Approves a request for a standard system user.
///
/// The system user exists from then on, with the request's id and exactly what was asked for.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemuser/request/{party}/{request_id}/approve",
    tag = "system user requests",
    operation_id = "approve_request",
    params(
        ("party" = u32, Path, description = "The customer's integer party id."),
        ("request_id" = String, Path, description = "The request's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 200, description = "Approved: `true`.", body = bool, example = json!(true)),
        (status = 400, description = "The system or the packages have changed (AUTH-00001, 4, 53, 63, 64)."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access, the request is another party's (AUTH-00041), or the caller may not give a right on (AUTH-00014, 16, 68, 70, 71)."),
        (status = 404, description = "There is no such request (AUTH-00010), or no such system any more (AUTH-00011)."),
        (status = 409, description = "The request was answered, or has timed out (AUTH-00013)."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.requests.approve", skip_all)]
pub(crate) async fn approve_request(
    State(state): State<CommandState>,
    request: Request,
    CompatPath((party, id)): CompatPath<(u32, String)>,
) -> Result<Response, AltinnError> {
    approve(&state, &request, party, &id, SystemUserKind::Standard).await
}

/// Approves a request for a system user that acts for clients.
///
/// The system user exists from then on, with the request's id. It can be given nothing for clients
/// but in the packages that were asked for; whoever approves needs none of them.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemuser/request/agent/{party}/{request_id}/approve",
    tag = "system user requests",
    operation_id = "approve_agent_request",
    params(
        ("party" = u32, Path, description = "The customer's integer party id."),
        ("request_id" = String, Path, description = "The request's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 200, description = "Approved: `true`.", body = bool, example = json!(true)),
        (status = 400, description = "The system or the packages have changed (AUTH-00004, 63, 65), or the request is for a standard system user (AUTH-00025)."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access, or the request is another party's (AUTH-00042)."),
        (status = 404, description = "There is no such request (AUTH-00030), or no such system any more (AUTH-00011)."),
        (status = 409, description = "The request was answered, or has timed out (AUTH-00013)."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.requests.approve_agent", skip_all)]
pub(crate) async fn approve_agent_request(
    State(state): State<CommandState>,
    request: Request,
    CompatPath((party, id)): CompatPath<(u32, String)>,
) -> Result<Response, AltinnError> {
    approve(&state, &request, party, &id, SystemUserKind::Agent).await
}

async fn approve(
    state: &CommandState,
    request: &Request,
    party: u32,
    id: &str,
    kind: SystemUserKind,
) -> Result<Response, AltinnError> {
    let on_behalf = on_behalf(state, request, (party, id), kind)?;
    request.execute(state, &(), Approve { on_behalf, kind }).await
}

struct Approve {
    on_behalf: OnBehalf,
    kind: SystemUserKind,
}

#[async_trait]
impl Command for Approve {
    type Answer = CommandAnswer;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        self.on_behalf.turn()
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<AltinnError>> {
        let OnBehalf { by, id, .. } = self.on_behalf;
        self.on_behalf.permit(attempt).await?;
        let (stream, party) = located(&self.on_behalf, self.kind, attempt).await?;
        let agreement: Agreement = load::state(attempt, stream.clone()).await?;
        let facts = match agreement.request(id).map(|request| request.created.clone()) {
            Some(request) => self.facts(attempt, &request, party).await?,
            None => ApprovalFacts::default(),
        };
        let command = ApproveRequest { id, kind: self.kind, at: attempt.now(), party, by, facts };
        let command = AgreementCommand::Approve(Box::new(command));
        let answer = CommandAnswer { status: 200, location: None, body: Some(json!(true)) };
        decided(&agreement, &command, &stream, answer)
    }
}

impl Approve {
    async fn facts(
        &self,
        attempt: &mut Attempt,
        request: &RequestCreated,
        party: PartyId,
    ) -> Result<ApprovalFacts, CommandError<AltinnError>> {
        let mut facts = ApprovalFacts {
            system: load::state(attempt, StreamName::system(&request.system)).await?,
            ..ApprovalFacts::default()
        };
        if !request.access_packages.is_empty() {
            facts.packages = load::packages(attempt).await?;
        }
        facts.delegation = match self.kind {
            SystemUserKind::Standard => {
                let OnBehalf { by, state, .. } = &self.on_behalf;
                let asked = (&*request.rights, &*request.access_packages);
                delegation::check(state, attempt, (*by, party), asked).await?
            }
            // Nothing is given on before a client is added.
            SystemUserKind::Agent => facts.delegation,
        };
        Ok(facts)
    }
}
