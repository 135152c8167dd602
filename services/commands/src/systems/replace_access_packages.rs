//! Replacing the access packages of a system.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::{
    Decider,
    system::{ReplaceAccessPackages, SystemCommand},
};
use fullmakt_events::{PackageUrn, StreamName, event::CommandAnswer};
use fullmakt_http::{AltinnError, TrimmedJson};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::{AccessPackageBody, scopes::SYSTEM_REGISTER_WRITE};

use super::target::{Target, TargetInput, succeeded};
use crate::{CommandState, load, request::Request};

/// Replaces the access packages that a system may ask customers for.
///
/// Packages that the body does not name are gone. What customers have given for them counts no
/// more, since a system user may do only what its system still declares. Every call is an entry in
/// the system's change log.
#[utoipa::path(
    put,
    path = "/authentication/api/v1/systemregister/vendor/{system_id}/accesspackages",
    tag = "system register",
    operation_id = "replace_access_packages_of_system",
    request_body(content = Vec<AccessPackageBody>, example = json!([{ "urn": "urn:altinn:accesspackage:merverdiavgift" }])),
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
                "code": "AUTH.VLD-00008",
                "title": "An access package does not exist, or can be given to no system user.",
                "paths": ["/registersystemrequest/accesspackages"],
                "detail": "An access package does not exist, or can be given to no system user. Found: `urn:altinn:accesspackage:no-such`.",
            }],
        })),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing, or the system is another's."),
        (status = 404, description = "There is no such system.", body = String, content_type = "text/plain", example = json!("There is no system with the id `310010014_nothing`. Use the id that it was registered with.")),
        (status = 412, description = "`If-Match` names another version than the present one.", content_type = "application/problem+json"),
        (status = 422, description = "The idempotency key came with another body before.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing was decided in time.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [SYSTEM_REGISTER_WRITE]))
)]
#[tracing::instrument(name = "handler.systems.replace_access_packages", skip_all)]
pub(crate) async fn replace_access_packages_of_system(
    State(state): State<CommandState>,
    request: Request,
    input: TargetInput,
    TrimmedJson(body): TrimmedJson<Vec<AccessPackageBody>>,
) -> Result<Response, AltinnError> {
    let target = input.target(&request)?;
    let access_packages = body.iter().cloned().map(Into::into).collect();
    request.execute(&state, &body, Replace { target, access_packages }).await
}

struct Replace {
    target: Target,
    access_packages: Vec<PackageUrn>,
}

#[async_trait]
impl Command for Replace {
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
        let command = SystemCommand::ReplaceAccessPackages(ReplaceAccessPackages {
            authority: self.target.authority,
            access_packages: self.access_packages.clone(),
            packages: load::packages(attempt).await?,
        });
        let events = system.decide(&command).map_err(|error| self.target.refused(&error))?;
        Ok(succeeded(self.target.on_stream(events)))
    }
}
