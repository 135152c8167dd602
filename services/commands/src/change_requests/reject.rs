//! Rejecting a change request.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::agreement::{Agreement, AgreementCommand, RejectChange};
use fullmakt_events::{ChangeRequestId, StreamName, event::CommandAnswer};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use serde_json::json;

use super::{change_request_id, located};
use crate::{CommandState, load, on_behalf::OnBehalf, request::Request, requests::decided};

/// Rejects a change of what a system user has. It keeps what it has.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemuser/changerequest/{party}/{request_id}/reject",
    tag = "system user change requests",
    operation_id = "reject_change_request",
    params(
        ("party" = u32, Path, description = "The customer's integer party id."),
        ("request_id" = String, Path, description = "The change request's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 200, description = "Rejected: `true`.", body = bool, example = json!(true)),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access, or the change request is another party's (AUTH-00041)."),
        (status = 404, description = "There is no such change request (AUTH-00010)."),
        (status = 409, description = "The change request was answered, or has timed out (AUTH-00061)."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = []))
)]
#[tracing::instrument(name = "handler.change_requests.reject", skip_all)]
pub(crate) async fn reject_change_request(
    State(state): State<CommandState>,
    request: Request,
    CompatPath((party, id)): CompatPath<(u32, String)>,
) -> Result<Response, AltinnError> {
    let on_behalf = OnBehalf::new(&state, &request, party, change_request_id(&id)?)?;
    request.execute(&state, &(), Reject(on_behalf)).await
}

struct Reject(OnBehalf<ChangeRequestId>);

#[async_trait]
impl Command for Reject {
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
        let command = RejectChange { id, at: attempt.now(), party, by };
        let command = AgreementCommand::RejectChange(command);
        let answer = CommandAnswer { status: 200, location: None, body: Some(json!(true)) };
        decided(&agreement, &command, &stream, answer)
    }
}
