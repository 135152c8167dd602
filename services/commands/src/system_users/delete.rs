//! Deleting a standard system user.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::agreement::{
    Agreement, AgreementCommand, DeleteSystemUser, Deleter, TakenFor,
};
use fullmakt_events::{StreamName, event::CommandAnswer};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::scopes::PORTAL;
use serde_json::json;

use super::{Located, located, system_user_id};
use crate::{
    CommandState, load, on_behalf::OnBehalf, refusal, request::Request, requests::decided_or,
};

/// Deletes a standard system user, and with it all that it was given.
///
/// Changes that the vendor asked for and that wait for an answer end with it.
#[utoipa::path(
    delete,
    path = "/authentication/api/v1/systemuser/{party}/{system_user_id}",
    tag = "system users",
    operation_id = "delete_system_user",
    params(
        ("party" = u32, Path, description = "The owner's integer party id.", example = 50_010_022),
        ("system_user_id" = String, Path, description = "The system user's id.", example = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77"),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 202, description = "Deleted: `1`.", body = u32),
        (status = 400, description = "The system user acts for clients (AUTH-00036)."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access, or the system user is another's (AUTH-00024)."),
        (status = 404, description = "There is no such system user: `0`.", body = String),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.system_users.delete", skip_all)]
pub(crate) async fn delete_system_user(
    State(state): State<CommandState>,
    request: Request,
    CompatPath((party, id)): CompatPath<(u32, String)>,
) -> Result<Response, AltinnError> {
    let id = system_user_id(&id).map_err(|error| refusal::deletion(&error))?;
    request.execute(&state, &(), Delete(OnBehalf::new(&state, &request, party, id)?)).await
}

struct Delete(OnBehalf);

#[async_trait]
impl Command for Delete {
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
        let Located { stream, party, .. } = located(&self.0, attempt, refusal::deletion).await?;
        let agreement: Agreement = load::state(attempt, stream.clone()).await?;
        let by = Deleter::Owner { party, by, taken_for: TakenFor::Standard };
        let command = AgreementCommand::DeleteSystemUser(DeleteSystemUser { id, by });
        let answer = CommandAnswer { status: 202, location: None, body: Some(json!(1)) };
        decided_or(&agreement, &command, &stream, answer, refusal::deletion)
    }
}
