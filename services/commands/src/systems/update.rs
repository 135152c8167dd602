//! Updating a system.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::system::{SystemSubmission, UpdateSystem, update};
use fullmakt_events::{StreamName, event::CommandAnswer};
use fullmakt_http::{AltinnError, TrimmedJson};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::scopes::SYSTEM_REGISTER_WRITE;

use super::{
    body::RegisterSystemRequest,
    facts,
    target::{Target, TargetInput, read_claims, succeeded},
};
use crate::{CommandState, request::Request};

/// Replaces all that the register holds of a system.
///
/// What the body leaves out is empty afterwards, and `isVisible` true. The id and the vendor stay.
/// Client ids that are new are claimed, and those that are gone are free again; their case does not
/// matter. Every call is an entry in the system's change log, also one that changes nothing.
#[utoipa::path(
    put,
    path = "/authentication/api/v1/systemregister/vendor/{system_id}",
    tag = "system register",
    operation_id = "update_system",
    request_body = RegisterSystemRequest,
    params(
        ("system_id" = String, Path, description = "The system's id.", example = "310010014_smartcloud"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the system as it was read: it is changed only if it is still the same.", example = "\"3\""),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 200, description = "Replaced.", body = Object, example = json!({ "succeeded": true })),
        (status = 400, description = "Rules are broken (`validationErrors`), the system was deleted (a text), or the body cannot be read.", content_type = "application/problem+json", example = json!({
            "type": "urn:altinn:error:STD-00000",
            "title": "One or more validation errors occurred.",
            "status": 400,
            "code": "STD-00000",
            "validationErrors": [{
                "code": "AUTH.VLD-00012",
                "title": "The system id in the body is not the one in the URL.",
                "paths": ["/registersystemrequest/systemid"],
                "detail": "The system id in the body is not the one in the URL. Found: `310010014_other`.",
            }],
        })),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing, or the system is another's."),
        (status = 404, description = "There is no such system, or the body names another vendor.", body = String, content_type = "text/plain", example = json!("There is no system with the id `310010014_nothing`. Use the id that it was registered with.")),
        (status = 412, description = "`If-Match` names another version than the present one.", content_type = "application/problem+json"),
        (status = 422, description = "The idempotency key came with another body before.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing was decided in time.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [SYSTEM_REGISTER_WRITE]))
)]
#[tracing::instrument(name = "handler.systems.update", skip_all)]
pub(crate) async fn update_system(
    State(state): State<CommandState>,
    request: Request,
    input: TargetInput,
    TrimmedJson(body): TrimmedJson<RegisterSystemRequest>,
) -> Result<Response, AltinnError> {
    let target = input.target(&request)?;
    let command = Update { target, submitted: body.clone().into() };
    request.execute(&state, &body, command).await
}

struct Update {
    target: Target,
    submitted: SystemSubmission,
}

#[async_trait]
impl Command for Update {
    type Answer = CommandAnswer;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        self.target.stream()
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<AltinnError>> {
        let system = self.target.load(attempt).await?;
        let command = UpdateSystem {
            authority: self.target.authority,
            submitted: self.submitted.clone(),
            facts: facts::of(attempt, &self.submitted).await?,
        };
        let events = update(&system, &command).map_err(|error| self.target.refused(&error))?;
        read_claims(attempt, &events).await?;
        Ok(succeeded(events))
    }
}
