//! Entering a resource into the registry.

use async_trait::async_trait;
use axum::{extract::State, response::Response};
use fullmakt_domain::{
    Decider,
    resource::{CreateResource, Resource, ResourceCommand},
};
use fullmakt_events::{ResourceId, StreamName, event::CommandAnswer};
use fullmakt_http::{AltinnError, CompatJson, ModelState};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::scopes::{RESOURCE_ADMIN, RESOURCE_WRITE};
use serde_json::{Map, Value};

use crate::{CommandState, authorize, import::create_resource, load, refusal, request::Request};

/// Enters a resource into the registry.
///
/// All of the metadata is kept and shown again.
#[utoipa::path(
    post,
    path = "/resourceregistry/api/v1/resource",
    tag = "resource registry",
    operation_id = "create_resource",
    request_body(content = Object, description = "The resource's metadata."),
    params(("Idempotency-Key" = Option<String>, Header, description = "The caller's own key of this command.")),
    responses(
        (status = 201, description = "Registered."),
        (status = 400, description = "Rules are broken (`errors`)."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing, or the owner is another."),
        (status = 409, description = "The resource exists."),
        (status = 422, description = "The idempotency key came with another body before."),
        (status = 503, description = "Nothing was decided in time."),
    ),
    security(("bearer" = [RESOURCE_WRITE]))
)]
#[tracing::instrument(name = "handler.resources.create", skip_all)]
pub(crate) async fn create_resource_route(
    State(state): State<CommandState>,
    request: Request,
    CompatJson(metadata): CompatJson<Map<String, Value>>,
) -> Result<Response, AltinnError> {
    let authority = authorize::authority(&request.caller, RESOURCE_WRITE, RESOURCE_ADMIN)?;
    check_delegable(&metadata)?;
    let command = create_resource(authority, &metadata);
    let id = command.identifier.parse::<ResourceId>().ok();
    let path = format!("/resourceregistry/api/v1/resource/{}", command.identifier);
    let location = request.public_url.of(&path);
    request.execute(&state, &metadata, Create { command, id, location }).await
}

/// Whether rights may be given on is not to be guessed: what says neither yes nor no is refused.
fn check_delegable(metadata: &Map<String, Value>) -> Result<(), ModelState> {
    match metadata.get("delegable") {
        None | Some(Value::Null | Value::Bool(_)) => Ok(()),
        Some(Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_)) => {
            Err(ModelState::field("delegable", "`delegable` has to be true or false"))
        }
    }
}

struct Create {
    command: CreateResource,
    /// Nothing where the identifier is none, which the decider refuses.
    id: Option<ResourceId>,
    location: String,
}

#[async_trait]
impl Command for Create {
    type Answer = CommandAnswer;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        StreamName::of("resource", &[&self.command.identifier])
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<AltinnError>> {
        let state: Resource = match &self.id {
            Some(id) => load::state(attempt, StreamName::resource(id)).await?,
            None => Resource::default(),
        };
        let events = state
            .decide(&ResourceCommand::Create(Box::new(self.command.clone())))
            .map_err(|error| CommandError::Refused(refusal::resource(&error)))?;
        let answer =
            CommandAnswer { status: 201, location: Some(self.location.clone()), body: None };
        let on = |event| (self.turn(), fullmakt_events::Event::from(event));
        Ok(Decided::Write { events: events.into_iter().map(on).collect(), answer })
    }
}

#[cfg(test)]
mod tests {
    use fullmakt_domain::Authority;

    use super::*;

    #[test]
    fn what_is_missing_is_left_to_the_decider_to_refuse() {
        let create = create_resource(Authority::Administrator, &Map::new());
        assert!(create.identifier.is_empty());
        assert!(create.owner.is_empty());
        assert!(create.is_delegable, "as the contract has it");
    }

    #[test]
    fn whether_a_resource_is_delegable_is_said_or_left_out_and_never_guessed() {
        let of = |delegable: Value| Map::from_iter([("delegable".to_owned(), delegable)]);
        check_delegable(&Map::new()).unwrap();
        check_delegable(&of(Value::Null)).unwrap();
        check_delegable(&of(false.into())).unwrap();
        assert!(!create_resource(Authority::Administrator, &of(false.into())).is_delegable);
        for other in ["false".into(), 0.into(), Value::Array(vec![])] {
            let refused = check_delegable(&of(other)).unwrap_err();
            assert!(refused.errors.contains_key("delegable"));
        }
    }
}
