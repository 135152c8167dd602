//! Deleting a system.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::{
    Authority,
    system::{DeleteSystem, System, SystemError, delete},
};
use fullmakt_events::{StreamName, SystemId, event::CommandAnswer};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::scopes::{SYSTEM_REGISTER_ADMIN, SYSTEM_REGISTER_WRITE};

use super::target::{read_claims, succeeded};
use crate::{CommandState, authorize, load, refusal, request::Request};

/// Deletes a system.
///
/// From then on no token is issued for its system users and nothing they were given counts.
/// Deleting it again answers alike.
#[utoipa::path(
    delete,
    path = "/authentication/api/v1/systemregister/vendor/{system_id}",
    tag = "system register",
    operation_id = "delete_system",
    params(
        ("system_id" = String, Path, description = "The system's id."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 200, description = "Deleted.", body = Object, example = json!({ "succeeded": true })),
        (status = 400, description = "There is no such system.", content_type = "application/problem+json", example = json!({
            "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
            "title": "One or more validation errors occurred.",
            "status": 400,
            "errors": { "systemId": ["There is no system with this id. Use the id that it was registered with."] },
        })),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing, or the system is another's."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [SYSTEM_REGISTER_WRITE]))
)]
#[tracing::instrument(name = "handler.systems.delete", skip_all)]
pub(crate) async fn delete_system(
    State(state): State<CommandState>,
    request: Request,
    CompatPath(system_id): CompatPath<String>,
) -> Result<Response, AltinnError> {
    let authority =
        authorize::authority(&request.caller, SYSTEM_REGISTER_WRITE, SYSTEM_REGISTER_ADMIN)?;
    let system = system_id.parse().map_err(|_| refusal::system(&SystemError::Unknown))?;
    request.execute(&state, &(), Delete { authority, system }).await
}

struct Delete {
    authority: Authority,
    system: SystemId,
}

#[async_trait]
impl Command for Delete {
    type Answer = CommandAnswer;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        StreamName::system(&self.system)
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<AltinnError>> {
        let state: System = load::state(attempt, StreamName::system(&self.system)).await?;
        let command = DeleteSystem { authority: self.authority };
        let events = delete(&state, command)
            .map_err(|error| CommandError::Refused(refusal::system(&error)))?;
        read_claims(attempt, &events).await?;
        Ok(succeeded(events))
    }
}
