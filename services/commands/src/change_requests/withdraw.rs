//! Taking a change request back.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::agreement::{Agreement, AgreementCommand, AgreementError, WithdrawChange};
use fullmakt_events::{ChangeRequestId, OrgNumber, StreamName, event::CommandAnswer};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::scopes::REQUEST_WRITE;

use super::change_request_id;
use crate::{
    CommandState, authorize, load, on_behalf::agreement_of, refusal, request::Request,
    requests::decided,
};

/// Takes a change request back.
///
/// It vanishes from every list, and its id stays used. What was changed already stays changed.
#[utoipa::path(
    delete,
    path = "/authentication/api/v1/systemuser/changerequest/vendor/{request_id}",
    tag = "system user change requests",
    operation_id = "withdraw_change_request",
    params(
        ("request_id" = String, Path, description = "The change request's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 202, description = "Taken back."),
        (status = 401, description = "No token, or one without an organisation (AUTH-00023)."),
        (status = 403, description = "The scope is missing."),
        (status = 404, description = "Unknown (AUTH-00010), or another vendor's (AUTH-00011)."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [REQUEST_WRITE]))
)]
#[tracing::instrument(name = "handler.change_requests.withdraw", skip_all)]
pub(crate) async fn withdraw_change_request(
    State(state): State<CommandState>,
    request: Request,
    CompatPath(id): CompatPath<String>,
) -> Result<Response, AltinnError> {
    request.caller.require_any_scope(&[REQUEST_WRITE])?;
    let command = Withdraw {
        vendor: authorize::vendor(&request.caller)?,
        id: change_request_id(&id)?,
        state: state.clone(),
    };
    request.execute(&state, &(), command).await
}

struct Withdraw {
    vendor: OrgNumber,
    id: ChangeRequestId,
    state: CommandState,
}

#[async_trait]
impl Command for Withdraw {
    type Answer = CommandAnswer;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        agreement_of(self.id)
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<AltinnError>> {
        let row = load::locate_change_request(&self.state, attempt, self.id).await?;
        let row = row.ok_or_else(|| {
            let unknown = AgreementError::ChangeNotFound { id: self.id };
            CommandError::Refused(refusal::agreement(&unknown))
        })?;
        let stream = StreamName::agreement(&row.system, row.customer);
        let agreement: Agreement = load::state(attempt, stream.clone()).await?;
        let command = WithdrawChange { id: self.id, vendor: Some(self.vendor) };
        let command = AgreementCommand::WithdrawChange(command);
        let answer = CommandAnswer { status: 202, location: None, body: None };
        decided(&agreement, &command, &stream, answer)
    }
}
