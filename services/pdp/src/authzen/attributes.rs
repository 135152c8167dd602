//! Entities, actions and context as attributes that policies test.
//!
//! | of | attribute |
//! | --- | --- |
//! | the subject's `id` | `urn:oasis:names:tc:xacml:1.0:subject:subject-id` |
//! | the subject's `type` | `urn:fullmakt:authzen:subject:type` |
//! | the resource's `id` | `urn:oasis:names:tc:xacml:1.0:resource:resource-id` |
//! | the resource's `type` | `urn:fullmakt:authzen:resource:type` |
//! | the action's `name` | `urn:oasis:names:tc:xacml:1.0:action:action-id` |
//! | a property `p` of the subject | `urn:fullmakt:authzen:subject:property:p` |
//! | of the resource | `urn:fullmakt:authzen:resource:property:p` |
//! | of the action | `urn:fullmakt:authzen:action:property:p` |
//! | a member `m` of the context | `urn:fullmakt:authzen:context:m` |
//!
//! Besides there are the attributes that the same subject, party and resource have in a request of
//! the XACML profile (`urn:altinn:…`), so that one policy serves both. A property that is named by a
//! URN becomes the attribute of that name, unless type, id or name say what it would. Texts become
//! strings, whole numbers integers, other numbers doubles, `true` and `false` booleans; a list has
//! several values; a member `b` of an object `a` is `a.b`; null is nothing.

use std::collections::BTreeMap;

use fullmakt_access::{Question, RESOURCE as REGISTRY_RESOURCE, SYSTEM_USER, Subject};
use fullmakt_events::{PartyId, ResourceId, Timestamp};
use fullmakt_projections::graph::Properties;
use fullmakt_xacml::{
    Attribute, DataType, Request, Value,
    ids::{ACCESS_SUBJECT, ACTION, ACTION_ID, ENVIRONMENT, RESOURCE, RESOURCE_ID, SUBJECT_ID},
};
use serde_json::Value as Json;

use super::model::Action;
use crate::identify::{APP, ORG, PARTY_ATTRIBUTES, PARTY_UUID};

const OURS: &str = "urn:fullmakt:authzen:";
const SUBJECT_TYPE: &str = "urn:fullmakt:authzen:subject:type";
const RESOURCE_TYPE: &str = "urn:fullmakt:authzen:resource:type";
const SUBJECT_PROPERTY: &str = "urn:fullmakt:authzen:subject:property:";
const RESOURCE_PROPERTY: &str = "urn:fullmakt:authzen:resource:property:";
const ACTION_PROPERTY: &str = "urn:fullmakt:authzen:action:property:";
const CONTEXT: &str = "urn:fullmakt:authzen:context:";

/// Attributes that name the subject, the party, the resource or the action.
const NAMING: [&str; 7] =
    [SYSTEM_USER, REGISTRY_RESOURCE, ORG, APP, ACTION_ID, SUBJECT_ID, RESOURCE_ID];

/// A subject that was looked up.
#[derive(Debug, Clone)]
pub(super) struct KnownSubject {
    pub(super) kind: String,
    /// As policies see it: never a national identity number.
    pub(super) id: String,
    /// Whom facts are kept about, if it is anybody of them.
    pub(super) subject: Option<Subject>,
    pub(super) properties: Properties,
}

/// A resource that was looked up.
#[derive(Debug, Clone)]
pub(super) struct KnownResource {
    pub(super) kind: String,
    pub(super) id: String,
    /// The resource of the registry whose policy decides.
    pub(super) registered: ResourceId,
    pub(super) party: Option<PartyId>,
    pub(super) properties: Properties,
}

/// Whether a property of this name would say what type, id or name say.
pub(super) fn is_reserved(name: &str) -> bool {
    name.starts_with(OURS) || NAMING.contains(&name) || PARTY_ATTRIBUTES.contains(&name)
}

/// The question as the decision service takes it.
pub(super) fn question(
    subject: &KnownSubject,
    resource: &KnownResource,
    action: &Action,
    context: &Properties,
    at: Timestamp,
) -> Question {
    let mut request = Request::new()
        .with(ACCESS_SUBJECT, SUBJECT_ID, subject.id.as_str())
        .with(ACCESS_SUBJECT, SUBJECT_TYPE, subject.kind.as_str())
        .with(RESOURCE, RESOURCE_ID, resource.id.as_str())
        .with(RESOURCE, RESOURCE_TYPE, resource.kind.as_str())
        .with(RESOURCE, REGISTRY_RESOURCE, resource.registered.as_str())
        .with(ACTION, ACTION_ID, action.name.as_str());
    match subject.subject {
        Some(Subject::SystemUser(user)) => {
            request.add(ACCESS_SUBJECT, SYSTEM_USER, user.to_string());
        }
        Some(Subject::Party(party)) => request.add(ACCESS_SUBJECT, PARTY_UUID, party.to_string()),
        None => {}
    }
    if let Some(party) = resource.party {
        request.add(RESOURCE, PARTY_UUID, party.to_string());
    }
    put(&mut request, ACCESS_SUBJECT, SUBJECT_PROPERTY, &subject.properties);
    put(&mut request, RESOURCE, RESOURCE_PROPERTY, &resource.properties);
    put(&mut request, ACTION, ACTION_PROPERTY, &action.properties);
    put(&mut request, ENVIRONMENT, CONTEXT, context);
    Question {
        subject: subject.subject,
        resource: resource.registered.clone(),
        action: action.name.clone(),
        party: resource.party,
        at,
        request,
    }
}

fn put(request: &mut Request, category: &str, prefix: &str, properties: &Properties) {
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (name, value) in properties {
        let id = if name.starts_with("urn:") { name.clone() } else { format!("{prefix}{name}") };
        flatten(id, value, &mut found);
    }
    for (id, values) in found {
        request.add_attribute(category, Attribute::new(id, values));
    }
}

fn flatten(id: String, value: &Json, found: &mut BTreeMap<String, Vec<Value>>) {
    match value {
        Json::Null => {}
        Json::Bool(value) => found.entry(id).or_default().push(Value::Boolean(*value)),
        Json::Number(number) => found.entry(id).or_default().extend(self::number(number)),
        Json::String(text) => found.entry(id).or_default().push(Value::string(text.as_str())),
        Json::Array(values) => {
            for value in values {
                flatten(id.clone(), value, found);
            }
        }
        Json::Object(members) => {
            for (name, value) in members {
                flatten(format!("{id}.{name}"), value, found);
            }
        }
    }
}

fn number(number: &serde_json::Number) -> Option<Value> {
    let whole = number.as_i64().map(Value::integer);
    let whole = whole.or_else(|| number.as_u64().map(Value::integer));
    whole.or_else(|| Value::parse(DataType::Double, &number.to_string()).ok())
}

#[cfg(test)]
mod tests;
