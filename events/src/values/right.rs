//! What can be delegated: single rights, access packages and roles.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One part of the reference to a resource, as the wire contract has it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceReference {
    /// The attribute id, `urn:altinn:resource`.
    pub id: String,
    /// The resource's identifier.
    pub value: String,
}

/// A single right: a resource and, where it is narrower than the whole resource, one action.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Right {
    /// The only action meant; nothing means every action that may be delegated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The resource. The wire contract has a list, of which one element is supported.
    pub resource: Vec<ResourceReference>,
}

impl Right {
    /// The attribute id that names a resource of the registry.
    pub const RESOURCE_ATTRIBUTE: &'static str = "urn:altinn:resource";

    /// The right to one action on a resource, or to all of it.
    #[must_use]
    pub fn to(resource: impl Into<String>, action: Option<&str>) -> Self {
        Self {
            action: action.map(str::to_owned),
            resource: vec![ResourceReference {
                id: Self::RESOURCE_ATTRIBUTE.to_owned(),
                value: resource.into(),
            }],
        }
    }

    /// The registry's identifier of the resource, if the right names exactly one.
    #[must_use]
    pub fn resource_id(&self) -> Option<&str> {
        match self.resource.as_slice() {
            [one] if one.id == Self::RESOURCE_ATTRIBUTE => Some(&one.value),
            [] | [_] | [_, _, ..] => None,
        }
    }

    /// Whether both name the same resource, whatever their actions.
    #[must_use]
    pub fn has_resource_of(&self, other: &Self) -> bool {
        self.resource == other.resource
    }

    /// Whether this right includes `action`.
    #[must_use]
    pub fn includes(&self, action: &str) -> bool {
        self.action.as_deref().is_none_or(|own| own.eq_ignore_ascii_case(action))
    }
}

/// The URN of an access package, `urn:altinn:accesspackage:` and its code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackageUrn(String);

impl PackageUrn {
    /// What the URN of every access package begins with.
    pub const PREFIX: &'static str = "urn:altinn:accesspackage:";

    /// Takes a text for the URN of a package. Whether there is such a package is the catalogue's
    /// to say.
    #[must_use]
    pub fn new(urn: impl Into<String>) -> Self {
        Self(urn.into())
    }

    /// The URN as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The code, which policies name: what follows the last colon.
    #[must_use]
    pub fn code(&self) -> &str {
        self.0.rsplit(':').next().unwrap_or_default()
    }
}

impl fmt::Display for PackageUrn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The URN of a role, for example `urn:altinn:external-role:ccr:daglig-leder`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoleUrn(String);

impl RoleUrn {
    /// Takes a text for the URN of a role.
    #[must_use]
    pub fn new(urn: impl Into<String>) -> Self {
        Self(urn.into())
    }

    /// The URN as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The attribute id and value by which policies name the role: the URN parted at its last
    /// colon.
    #[must_use]
    pub fn attribute(&self) -> (&str, &str) {
        self.0.rsplit_once(':').unwrap_or(("", &self.0))
    }
}

impl fmt::Display for RoleUrn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
