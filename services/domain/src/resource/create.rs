//! Entering a resource into the registry.

use fullmakt_events::{
    LocalizedText, OrgNumber, ResourceId,
    event::{ResourceCreated, ResourceDefinition, ResourceEvent},
};
use serde_json::{Map, Value};

use super::{Resource, ResourceError, ResourceField, ResourceViolation};
use crate::{Authority, Seen, facts::ResourceType, national_number};

/// The fewest characters of an identifier.
const IDENTIFIER_CHARS_MIN: usize = 4;
/// What identifiers of services of the earlier platform, and only those, begin with.
const EARLIER_PLATFORM_PREFIX: &str = "se_";
/// What identifiers of apps, and only those, begin with.
const APP_PREFIX: &str = "app_";

/// Enters a resource into the registry.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateResource {
    /// In what right.
    pub authority: Authority,
    /// The identifier.
    pub identifier: String,
    /// The title; a missing language is an empty text.
    pub title: LocalizedText,
    /// The description; a missing language is an empty text.
    pub description: LocalizedText,
    /// What a right to it means; a missing language is an empty text.
    pub right_description: LocalizedText,
    /// Whether rights to it may be given on.
    pub is_delegable: bool,
    /// The owner's organisation number; empty if it is missing.
    pub owner: String,
    /// The type.
    pub resource_type: String,
    /// All that the caller sent, which the fields above are a part of.
    pub metadata: Map<String, Value>,
}

/// Decides a creation. The owner named is checked before anything is said of the rest, as far as it
/// can be read.
pub(super) fn decide(
    resource: &Resource,
    command: &CreateResource,
) -> Result<Vec<ResourceEvent>, ResourceError> {
    let owner = command.owner.parse::<OrgNumber>().ok();
    if let Some(owner) = owner
        && !command.authority.covers(owner)
    {
        return Err(ResourceError::NotOwner { owner, caller: command.authority });
    }
    let violations = violations(command);
    let definition = owner.and_then(|owner| definition(command, owner));
    let definition = match definition {
        Some(definition) if violations.is_empty() => definition,
        // INVARIANT: what has no definition breaks a rule, so the list is not empty.
        Some(_) | None => return Err(ResourceError::Invalid(violations)),
    };
    match resource {
        Resource::Unregistered => {
            Ok(vec![ResourceEvent::Created(ResourceCreated { resource: definition })])
        }
        Resource::Registered(_) => {
            Err(ResourceError::Exists { id: Seen::new(&command.identifier) })
        }
    }
}

fn definition(command: &CreateResource, owner: OrgNumber) -> Option<ResourceDefinition> {
    Some(ResourceDefinition {
        id: command.identifier.parse().ok()?,
        owner,
        resource_type: ResourceType::parse(&command.resource_type)?.name().to_owned(),
        is_delegable: command.is_delegable,
        metadata: command.metadata.clone(),
    })
}

fn violations(command: &CreateResource) -> Vec<ResourceViolation> {
    let resource_type = ResourceType::parse(&command.resource_type);
    let mut found = Vec::new();
    found.extend(in_identifier(&command.identifier, resource_type));
    found.extend(missing(&command.title, ResourceField::Title));
    found.extend(missing(&command.description, ResourceField::Description));
    if command.is_delegable {
        found.extend(missing(&command.right_description, ResourceField::RightDescription));
    }
    if command.owner.is_empty() {
        found.push(ResourceViolation::Missing { field: ResourceField::Owner });
    } else if command.owner.parse::<OrgNumber>().is_err() {
        found.push(ResourceViolation::OwnerForm { value: Seen::new(&command.owner) });
    }
    if resource_type.is_none_or(|resource_type| resource_type == ResourceType::Default) {
        let value = Seen::new(&command.resource_type);
        found.push(ResourceViolation::TypeRefused { value });
    }
    if national_number::find(&command.identifier).is_some() {
        let pointer = format!("/{}", ResourceField::Identifier);
        found.push(ResourceViolation::NationalNumber { pointer });
    } else if let Some(pointer) = national_number::find_in_json(&command.metadata) {
        found.push(ResourceViolation::NationalNumber { pointer });
    }
    found
}

fn in_identifier(
    identifier: &str,
    resource_type: Option<ResourceType>,
) -> Option<ResourceViolation> {
    let value = || Seen::new(identifier);
    if identifier.len() < IDENTIFIER_CHARS_MIN || identifier.parse::<ResourceId>().is_err() {
        return Some(ResourceViolation::IdentifierForm { value: value() });
    }
    let reserved = |prefix: &'static str, types: &'static str, of: &[ResourceType]| {
        let is_of_type = resource_type.is_some_and(|resource_type| of.contains(&resource_type));
        (identifier.starts_with(prefix) && !is_of_type)
            .then(|| ResourceViolation::IdentifierPrefix { value: value(), prefix, types })
    };
    reserved(EARLIER_PLATFORM_PREFIX, "Altinn2Service", &[ResourceType::Altinn2Service]).or_else(
        || {
            reserved(
                APP_PREFIX,
                "AltinnApp or MigratedApp",
                &[ResourceType::AltinnApp, ResourceType::MigratedApp],
            )
        },
    )
}

fn missing(
    text: &LocalizedText,
    field: impl Fn(&'static str) -> ResourceField,
) -> Vec<ResourceViolation> {
    [("en", &text.en), ("nb", &text.nb), ("nn", &text.nn)]
        .into_iter()
        .filter(|(_, text)| text.trim().is_empty())
        .map(|(language, _)| ResourceViolation::Missing { field: field(language) })
        .collect()
}
