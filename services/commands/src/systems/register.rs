//! Registering a system.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::{
    Authority,
    system::{RegisterSystem, System, SystemSubmission, register},
};
use fullmakt_events::{StreamName, SystemId, SystemInternalId, event::CommandAnswer};
use fullmakt_http::{AltinnError, TrimmedJson};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::scopes::{SYSTEM_REGISTER_ADMIN, SYSTEM_REGISTER_WRITE};
use uuid::Uuid;

use super::{body::RegisterSystemRequest, facts};
use crate::{CommandState, authorize, load, refusal, request::Request};

/// Registers a system.
///
/// Answers with the register's internal id of it, a bare JSON string.
#[utoipa::path(
    post,
    path = "/authentication/api/v1/systemregister/vendor",
    tag = "system register",
    operation_id = "register_system",
    request_body = RegisterSystemRequest,
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command.")),
    responses(
        (status = 200, description = "The internal id.", body = String, example = json!("0197a000-0000-7000-8000-000000000001")),
        (status = 400, description = "Rules are broken (`validationErrors`), or the body cannot be read.", content_type = "application/problem+json", example = json!({
            "type": "urn:altinn:error:STD-00000",
            "title": "One or more validation errors occurred.",
            "status": 400,
            "code": "STD-00000",
            "validationErrors": [{
                "code": "AUTH.VLD-00003",
                "title": "A resource is not in the resource registry.",
                "paths": ["/registersystemrequest/rights/resource"],
                "detail": "A resource is not in the resource registry. Found: `no-such-resource`.",
            }],
        })),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing, or the vendor is another."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [SYSTEM_REGISTER_WRITE]))
)]
#[tracing::instrument(name = "handler.systems.register", skip_all)]
pub(crate) async fn register_system(
    State(state): State<CommandState>,
    request: Request,
    TrimmedJson(body): TrimmedJson<RegisterSystemRequest>,
) -> Result<Response, AltinnError> {
    let authority =
        authorize::authority(&request.caller, SYSTEM_REGISTER_WRITE, SYSTEM_REGISTER_ADMIN)?;
    let command = Register {
        authority,
        internal_id: SystemInternalId::new(Uuid::now_v7()),
        submitted: body.clone().into(),
    };
    request.execute(&state, &body, command).await
}

struct Register {
    authority: Authority,
    internal_id: SystemInternalId,
    submitted: SystemSubmission,
}

#[async_trait]
impl Command for Register {
    type Answer = CommandAnswer;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        StreamName::of("system", &[&self.submitted.id])
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<AltinnError>> {
        let command = RegisterSystem {
            authority: self.authority,
            internal_id: self.internal_id,
            submitted: self.submitted.clone(),
            facts: facts::of(attempt, &self.submitted).await?,
        };
        let system: System = match self.submitted.id.parse::<SystemId>() {
            Ok(id) => load::state(attempt, StreamName::system(&id)).await?,
            Err(_) => System::default(),
        };
        let events = register(&system, &command)
            .map_err(|error| CommandError::Refused(refusal::system(&error)))?;
        let body = serde_json::Value::String(self.internal_id.to_string());
        let answer = CommandAnswer { status: 200, location: None, body: Some(body) };
        Ok(if events.is_empty() {
            Decided::Nothing(answer)
        } else {
            Decided::Write { events, answer }
        })
    }
}
