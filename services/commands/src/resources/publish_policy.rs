//! Publishing the policy of a resource.

use async_trait::async_trait;
use axum::{
    extract::{Multipart, State, multipart::MultipartRejection},
    response::Response,
};
use fullmakt_domain::{
    Authority, Decider,
    resource::{PublishPolicy, Resource, ResourceCommand, ResourceError},
};
use fullmakt_events::{Event, ResourceId, StreamName, event::CommandAnswer};
use fullmakt_http::{AltinnError, CompatPath};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::scopes::{RESOURCE_ADMIN, RESOURCE_WRITE};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{policy_check::check, policy_form, resource_id};
use crate::{CommandState, authorize, load, refusal, request::Request};

/// Publishes the policy of a resource. It is checked first, and counts from the answer on.
#[utoipa::path(
    post,
    path = "/resourceregistry/api/v1/resource/{id}/policy",
    tag = "resource registry",
    operation_id = "publish_policy",
    request_body(content = Object, content_type = "multipart/form-data",
        description = "The policy, XACML 3.0, in the field `policyFile`."),
    params(
        ("id" = String, Path, description = "The resource's identifier."),
        ("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command."),
    ),
    responses(
        (status = 201, description = "Published."),
        (status = 400, description = "The policy is no valid policy of this resource."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing, or the resource is another's."),
        (status = 404, description = "There is no such resource."),
        (status = 413, description = "The policy is larger than a record of the ledger."),
        (status = 415, description = "The body is no form."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [RESOURCE_WRITE]))
)]
#[tracing::instrument(name = "handler.resources.publish_policy", skip_all)]
pub(crate) async fn publish_policy(
    State(state): State<CommandState>,
    request: Request,
    CompatPath(id): CompatPath<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, AltinnError> {
    let authority = authorize::authority(&request.caller, RESOURCE_WRITE, RESOURCE_ADMIN)?;
    let id = resource_id(&id)?;
    let xml = policy_form::policy(form).await?;
    check(&xml, &id).map_err(|error| policy_form::refused(error.to_string()))?;
    let hash = hex::encode(Sha256::digest(&xml));
    let body = json!({ "hash": hash });
    request.execute(&state, &body, Publish { authority, id, hash, xml }).await
}

struct Publish {
    authority: Authority,
    id: ResourceId,
    hash: String,
    xml: String,
}

#[async_trait]
impl Command for Publish {
    type Answer = CommandAnswer;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        StreamName::resource(&self.id)
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<AltinnError>> {
        let state: Resource = load::state(attempt, self.turn()).await?;
        let command = ResourceCommand::PublishPolicy(PublishPolicy {
            authority: self.authority,
            hash: self.hash.clone(),
            xml: self.xml.clone(),
        });
        let refused = |error: ResourceError| CommandError::Refused(refusal::resource(&error));
        let events = state.decide(&command).map_err(refused)?;
        let answer = CommandAnswer { status: 201, location: None, body: None };
        if events.is_empty() {
            return Ok(Decided::Nothing(answer));
        }
        let on = |event| (self.turn(), Event::from(event));
        Ok(Decided::Write { events: events.into_iter().map(on).collect(), answer })
    }
}
