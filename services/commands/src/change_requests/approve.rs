//! Approving a change request: the system user has other rights.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::agreement::{
    Agreement, AgreementCommand, ApprovalFacts, ApproveChange, Change,
};
use fullmakt_events::{
    ChangeRequestId, PartyId, StreamName,
    event::{ChangeRequested, CommandAnswer},
};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use serde_json::json;

use super::{change_request_id, located};
use crate::{
    CommandState, delegation, load, on_behalf::OnBehalf, request::Request, requests::decided,
};

/// Approves a change of what a system user has.
///
/// All of it happens at once, or nothing: what it lacks of what is required is given, which the
/// caller has to be able to give on, and what is unwanted is taken.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemuser/changerequest/{party}/{request_id}/approve",
    tag = "system user change requests",
    operation_id = "approve_change_request",
    params(
        ("party" = u32, Path, description = "The customer's integer party id."),
        ("request_id" = String, Path, description = "The change request's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 200, description = "Approved: `true`.", body = bool, example = json!(true)),
        (status = 400, description = "The system or the packages have changed (AUTH-00001, 53, 63, 64)."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access, the change request is another party's (AUTH-00041), or the caller may not give a right on (AUTH-00014, 16, 68, 70, 71)."),
        (status = 404, description = "There is no such change request (AUTH-00010), or its system (AUTH-00011) or system user (AUTH-00015) is gone."),
        (status = 409, description = "The change request was answered, or has timed out (AUTH-00061)."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = []))
)]
#[tracing::instrument(name = "handler.change_requests.approve", skip_all)]
pub(crate) async fn approve_change_request(
    State(state): State<CommandState>,
    request: Request,
    CompatPath((party, id)): CompatPath<(u32, String)>,
) -> Result<Response, AltinnError> {
    let on_behalf = OnBehalf::new(&state, &request, party, change_request_id(&id)?)?;
    request.execute(&state, &(), Approve(on_behalf)).await
}

struct Approve(OnBehalf<ChangeRequestId>);

#[async_trait]
impl Command for Approve {
    type Answer = CommandAnswer;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        self.0.turn()
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<AltinnError>> {
        let OnBehalf { by, id, .. } = self.0;
        self.0.permit(attempt).await?;
        let (stream, party) = located(&self.0, attempt).await?;
        let agreement: Agreement = load::state(attempt, stream.clone()).await?;
        let facts = match agreement.change_request(id).map(|request| request.requested.clone()) {
            Some(requested) => self.facts(attempt, &agreement, &requested, party).await?,
            None => ApprovalFacts::default(),
        };
        let command = ApproveChange { id, at: attempt.now(), party, by, facts };
        let command = AgreementCommand::ApproveChange(Box::new(command));
        let answer = CommandAnswer { status: 200, location: None, body: Some(json!(true)) };
        decided(&agreement, &command, &stream, answer)
    }
}

impl Approve {
    async fn facts(
        &self,
        attempt: &mut Attempt,
        agreement: &Agreement,
        requested: &ChangeRequested,
        party: PartyId,
    ) -> Result<ApprovalFacts, CommandError<AltinnError>> {
        let mut facts = ApprovalFacts {
            system: load::state(attempt, StreamName::system(&requested.system)).await?,
            ..ApprovalFacts::default()
        };
        if !requested.required_access_packages.is_empty() {
            facts.packages = load::packages(attempt).await?;
        }
        let user = agreement.system_user(requested.system_user);
        if let Some(change) = user.map(|user| Change::of(requested, user)) {
            let (rights, packages) = (&change.missing_rights, &change.missing_packages);
            if !rights.is_empty() || !packages.is_empty() {
                let giver = (self.0.by, party);
                facts.delegation =
                    delegation::check(&self.0.state, attempt, giver, rights, packages).await?;
            }
        }
        Ok(facts)
    }
}
