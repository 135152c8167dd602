//! Deleting a system user that acts for clients.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::agreement::{
    Agreement, AgreementCommand, DeleteSystemUser, Deleter, TakenFor,
};
use fullmakt_events::{PartyId, StreamName, event::CommandAnswer};
use fullmakt_http::{AltinnError, CompatPath, CompatQuery, ModelState};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::scopes::PORTAL;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Located, located, system_user_id};
use crate::{
    CommandState, load, on_behalf::OnBehalf, refusal, request::Request, requests::decided,
};

/// Who acts for the clients.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FacilitatorQuery {
    /// The UUID of the party that acts for the clients: the owner's.
    #[param(value_type = String, required = true)]
    facilitator_id: Option<Uuid>,
}

/// Deletes a system user that acts for clients, and with it all that it may do for them.
#[utoipa::path(
    delete,
    path = "/authentication/api/v1/systemuser/agent/{party}/{system_user_id}",
    tag = "system users",
    operation_id = "delete_agent_system_user",
    params(
        ("party" = u32, Path, description = "The owner's integer party id.", example = 50_010_022),
        ("system_user_id" = String, Path, description = "The system user's id.", example = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77"),
        FacilitatorQuery,
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 200, description = "Deleted."),
        (status = 400, description = "The system user does not act for clients (AUTH-00034), the facilitator is not its owner (AUTH-00039), or none is named."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The caller does not manage the party's access, or the system user is another's (AUTH-00024)."),
        (status = 404, description = "There is no such system user (AUTH-00015)."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [PORTAL]))
)]
#[tracing::instrument(name = "handler.system_users.delete_agent", skip_all)]
pub(crate) async fn delete_agent_system_user(
    State(state): State<CommandState>,
    request: Request,
    CompatPath((party, id)): CompatPath<(u32, String)>,
    CompatQuery(query): CompatQuery<FacilitatorQuery>,
) -> Result<Response, AltinnError> {
    let id = system_user_id(&id).map_err(|error| refusal::agreement(&error))?;
    let facilitator = query.facilitator_id.map(PartyId::new).ok_or_else(|| {
        let text = "The facilitatorId field is required: give the owner's UUID.";
        ModelState::field("facilitatorId", text)
    })?;
    let on_behalf = OnBehalf::new(&state, &request, party, id)?;
    request.execute(&state, &(), Delete { on_behalf, facilitator }).await
}

struct Delete {
    on_behalf: OnBehalf,
    facilitator: PartyId,
}

#[async_trait]
impl Command for Delete {
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
        let Located { stream, party, .. } =
            located(&self.on_behalf, attempt, refusal::agreement).await?;
        let agreement: Agreement = load::state(attempt, stream.clone()).await?;
        let taken_for = TakenFor::Agent { facilitator: self.facilitator };
        let by = Deleter::Owner { party, by, taken_for };
        let command = AgreementCommand::DeleteSystemUser(DeleteSystemUser { id, by });
        let answer = CommandAnswer { status: 200, location: None, body: None };
        decided(&agreement, &command, &stream, answer)
    }
}
