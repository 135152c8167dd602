//! Deleting a system user.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::agreement::{Agreement, AgreementCommand, AgreementError, DeleteSystemUser};
use fullmakt_events::{StreamName, SystemUserId, event::CommandAnswer};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::scopes::PORTAL;
use serde_json::json;
use uuid::Uuid;

use crate::{
    CommandState, load, on_behalf::OnBehalf, refusal, request::Request, requests::decided_or,
};

/// Deletes a standard system user, and with it all that it was given.
#[utoipa::path(
    delete,
    path = "/authentication/api/v1/systemuser/{party}/{system_user_id}",
    tag = "system users",
    operation_id = "delete_system_user",
    params(
        ("party" = u32, Path, description = "The owner's integer party id."),
        ("system_user_id" = String, Path, description = "The system user's id."),
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
    let unknown = |_| {
        let id = SystemUserId::new(Uuid::nil());
        refusal::deletion(&AgreementError::SystemUserNotFound { id })
    };
    let id = SystemUserId::new(id.parse::<Uuid>().map_err(unknown)?);
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
        let refused = |error: AgreementError| CommandError::Refused(refusal::deletion(&error));
        let OnBehalf { by, id, .. } = self.0;
        self.0.permit(attempt).await?;
        let row = load::locate_system_user(&self.0.state, attempt, id).await?;
        let row = row.ok_or_else(|| refused(AgreementError::SystemUserNotFound { id }))?;
        let party = load::party_of_number(attempt, self.0.party).await?;
        let party = party.ok_or_else(|| refused(AgreementError::SystemUserNotOwned { id }))?;
        let stream = StreamName::agreement(&row.system, row.owner);
        let agreement: Agreement = load::state(attempt, stream.clone()).await?;
        let command = AgreementCommand::DeleteSystemUser(DeleteSystemUser { id, party, by });
        let answer = CommandAnswer { status: 202, location: None, body: Some(json!(1)) };
        decided_or(&agreement, &command, &stream, answer, refusal::deletion)
    }
}
