//! Responses in JSON (JSON profile 1.1), in the standard's names and in the order of the alphabet.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value as Json;

use super::{
    Assignment, DecisionResult, MissingAttribute, Notice, PolicyIdentifier, Response, Status,
    StatusCode,
};
use crate::model::ReferenceKind;
use crate::request::{Each, Profile, put, put_list};

impl Response {
    /// The response as a JSON value; what is empty is left out.
    #[must_use]
    pub fn to_json(&self) -> Json {
        // Nothing in a response refuses to be written.
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The response as a JSON text, without making a JSON value of it first.
    #[must_use]
    pub fn to_json_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Response {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(1))?;
        members.serialize_entry("Response", &Each(self.results.iter()))?;
        members.end()
    }
}

impl Serialize for Profile<&DecisionResult> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let result = self.0;
        let mut members = serializer.serialize_map(None)?;
        put_list(&mut members, "AssociatedAdvice", result.advice.iter())?;
        put_list(&mut members, "Category", result.attributes.iter())?;
        members.serialize_entry("Decision", result.decision.name())?;
        put_list(&mut members, "Obligations", result.obligations.iter())?;
        if !result.policies.is_empty() {
            members.serialize_entry("PolicyIdentifierList", &Policies(&result.policies))?;
        }
        members.serialize_entry("Status", &Profile(&result.status))?;
        members.end()
    }
}

/// The policies that applied, those of each kind together.
struct Policies<'a>(&'a [PolicyIdentifier]);

impl Serialize for Policies<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let of = |kind| self.0.iter().filter(move |policy| policy.kind == kind);
        let mut members = serializer.serialize_map(None)?;
        put_list(&mut members, "PolicyIdReference", of(ReferenceKind::Policy))?;
        put_list(&mut members, "PolicySetIdReference", of(ReferenceKind::PolicySet))?;
        members.end()
    }
}

impl Serialize for Profile<&PolicyIdentifier> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("Id", &self.0.id)?;
        members.serialize_entry("Version", &self.0.version)?;
        members.end()
    }
}

impl Serialize for Profile<&Status> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let status = self.0;
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("StatusCode", &Profile(status.code))?;
        if !status.missing.is_empty() {
            members.serialize_entry("StatusDetail", &Profile(status.missing.as_slice()))?;
        }
        put(&mut members, "StatusMessage", status.message.as_deref())?;
        members.end()
    }
}

impl Serialize for Profile<StatusCode> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("Value", self.0.id())?;
        members.end()
    }
}

impl Serialize for Profile<&[MissingAttribute]> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("MissingAttributeDetail", &Each(self.0.iter()))?;
        members.end()
    }
}

impl Serialize for Profile<&MissingAttribute> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let missing = self.0;
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("AttributeId", &missing.id)?;
        members.serialize_entry("Category", &missing.category)?;
        members.serialize_entry("DataType", missing.data_type.id())?;
        put(&mut members, "Issuer", missing.issuer.as_deref())?;
        members.end()
    }
}

impl Serialize for Profile<&Notice> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        put_list(&mut members, "AttributeAssignment", self.0.assignments.iter())?;
        members.serialize_entry("Id", &self.0.id)?;
        members.end()
    }
}

impl Serialize for Profile<&Assignment> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let assignment = self.0;
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("AttributeId", &assignment.attribute_id)?;
        put(&mut members, "Category", assignment.category.as_deref())?;
        members.serialize_entry("DataType", assignment.value.data_type().id())?;
        put(&mut members, "Issuer", assignment.issuer.as_deref())?;
        members.serialize_entry("Value", &Profile(&assignment.value))?;
        members.end()
    }
}
