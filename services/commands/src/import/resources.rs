//! The import of a resource with its policy, from the installation's own files.

use async_trait::async_trait;
use fullmakt_domain::{
    Authority, Decider,
    resource::{CreateResource, PublishPolicy, Resource, ResourceCommand, ResourceError},
};
use fullmakt_events::{
    Event, LocalizedText, Position, ResourceId, StreamName, event::ResourceEvent,
};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided, Ledger};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::issuer;
use crate::load;

/// A resource and its policy.
#[derive(Debug, Clone)]
pub struct ResourceImport {
    /// The resource's identifier.
    pub id: ResourceId,
    /// The metadata, as the registry's route takes them.
    pub metadata: Map<String, Value>,
    /// The policy, XACML 3.0.
    pub policy: String,
}

/// Imports a resource with its policy. What is there already is left as it is, but for a policy
/// that differs.
///
/// Answers the position from which it counts.
///
/// # Errors
/// When the registry refuses it, or the ledger does not take it.
pub async fn import_resource(
    ledger: &Ledger,
    resource: &ResourceImport,
) -> Result<Position, CommandError<ResourceError>> {
    Ok(ledger.execute(&issuer(), resource).await?.position)
}

#[async_trait]
impl Command for ResourceImport {
    type Answer = ();
    type Refusal = ResourceError;

    fn turn(&self) -> StreamName {
        StreamName::resource(&self.id)
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<()>, CommandError<ResourceError>> {
        let mut state: Resource = load::state(attempt, self.turn()).await?;
        let mut events: Vec<ResourceEvent> = Vec::new();
        if state.definition().is_none() {
            let create = ResourceCommand::Create(Box::new(create_resource(
                Authority::Administrator,
                &self.metadata,
            )));
            events = state.decide(&create).map_err(CommandError::Refused)?;
            for event in &events {
                let recorded = fullmakt_domain::Recorded { event, at: attempt.now() };
                state = state.evolve(recorded);
            }
        }
        let publish = ResourceCommand::PublishPolicy(PublishPolicy {
            authority: Authority::Administrator,
            hash: hex::encode(Sha256::digest(&self.policy)),
            xml: self.policy.clone(),
        });
        events.extend(state.decide(&publish).map_err(CommandError::Refused)?);
        if events.is_empty() {
            return Ok(Decided::Nothing(()));
        }
        let on = |event| (self.turn(), Event::from(event));
        Ok(Decided::Write { events: events.into_iter().map(on).collect(), answer: () })
    }
}

/// The command that registers a resource with these metadata. What is missing in them is left empty,
/// for the decider to refuse.
pub(crate) fn create_resource(
    authority: Authority,
    metadata: &Map<String, Value>,
) -> CreateResource {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let localized = |field: &str| {
        let of = |language: &str| text(metadata.get(field).and_then(|texts| texts.get(language)));
        LocalizedText { nb: of("nb"), nn: of("nn"), en: of("en") }
    };
    let owner = metadata.get("hasCompetentAuthority");
    CreateResource {
        authority,
        identifier: text(metadata.get("identifier")),
        title: localized("title"),
        description: localized("description"),
        right_description: localized("rightDescription"),
        is_delegable: metadata.get("delegable").and_then(Value::as_bool).unwrap_or(true),
        owner: text(owner.and_then(|owner| owner.get("organization"))),
        resource_type: text(metadata.get("resourceType")),
        metadata: metadata.clone(),
    }
}
