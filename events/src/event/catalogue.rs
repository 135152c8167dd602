//! Access packages, roles, and what follows from roles, as versioned facts.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::event_family;
use crate::{PackageUrn, RoleUrn};

event_family! {
    /// What happens to a catalogue on `catalogue/{name}`.
    CatalogueEvent {
        Published(CataloguePublished) = "catalogue.published" @ 1,
    }
}

/// A new version of a catalogue. It replaces the one before as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CataloguePublished {
    /// The SHA-256 of the content's canonical JSON (RFC 8785), hexadecimal: the version's name.
    pub hash: String,
    /// The content.
    pub content: Catalogue,
}

/// The content of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Catalogue {
    /// The areas that packages are sorted into.
    Areas(Vec<Area>),
    /// The access packages.
    AccessPackages(Vec<AccessPackage>),
    /// The roles.
    Roles(Vec<Role>),
    /// Which role gives which other role.
    RoleMap(Vec<RoleMapping>),
    /// Which role gives which package.
    RolePackages(Vec<RolePackage>),
    /// The organisation forms and other kinds of parties.
    EntityVariants(Vec<EntityVariant>),
    /// The subjects and resources that are known by their types and properties alone.
    Entities(Vec<Entity>),
}

impl Catalogue {
    /// The catalogue's name, the key of its stream.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Areas(_) => "areas",
            Self::AccessPackages(_) => "access-packages",
            Self::Roles(_) => "roles",
            Self::RoleMap(_) => "role-map",
            Self::RolePackages(_) => "role-packages",
            Self::EntityVariants(_) => "entity-variants",
            Self::Entities(_) => "entities",
        }
    }
}

/// An area of access packages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// The area's id.
    pub id: Uuid,
    /// The area's URN.
    pub urn: String,
    /// Its name in bokmål.
    pub name_nb: String,
    /// Its name in English.
    pub name_en: String,
    /// The group of areas it belongs to.
    pub group: String,
}

/// A named bundle of rights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessPackage {
    /// The package's id.
    pub id: Uuid,
    /// The package's URN.
    pub urn: PackageUrn,
    /// Its name in bokmål.
    pub name_nb: String,
    /// Its name in English.
    pub name_en: String,
    /// The URN of its area.
    pub area: String,
    /// Whether it may be passed on to somebody who acts for clients.
    pub is_delegable: bool,
    /// Whether a party may give it directly.
    pub is_assignable: bool,
    /// Whether service owners may name it in policies.
    pub is_available_for_service_owners: bool,
    /// `Organization` or `Person`: whose rights it bundles.
    pub entity_type: String,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The role's id.
    pub id: Uuid,
    /// The role's URN.
    pub urn: RoleUrn,
    /// Its older URN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legacy_urn: Option<RoleUrn>,
    /// Its code.
    pub code: String,
    /// Its older code; for roles of the entity register the register's code in lower case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legacy_code: Option<String>,
    /// Its name in bokmål.
    pub name_nb: String,
    /// Its name in English.
    pub name_en: String,
    /// Whether a holder acts for the organisation in all that it may do for others.
    pub is_key_role: bool,
    /// Whether a party may give it.
    pub is_assignable: bool,
    /// Where it comes from.
    pub provider: String,
    /// The kind of parties it is held for.
    pub entity_type: String,
}

/// A holder of one role has another as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleMapping {
    /// The role that is held.
    pub has: RoleUrn,
    /// The role that follows.
    pub gets: RoleUrn,
}

/// A holder of a role has a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolePackage {
    /// The role.
    pub role: RoleUrn,
    /// The package.
    pub package: PackageUrn,
    /// The organisation form it is limited to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_variant: Option<String>,
    /// Whether the holder may give the package on.
    pub can_delegate: bool,
    /// Whether the holder has the package's access.
    pub has_access: bool,
}

/// A kind of party: an organisation form, for example.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntityVariant {
    /// The variant's id.
    pub id: Uuid,
    /// Its code, such as `BRL`.
    pub code: String,
    /// The type that it is a variant of.
    pub entity_type: String,
    /// What it is, in bokmål.
    pub description_nb: String,
}

/// A subject or resource of the installation's own, as the AuthZEN Authorization API has them: what
/// neither the entity register nor the system register knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// Its type, such as `user`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its identifier, which is unique within the type.
    pub id: String,
    /// What is known of it.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub properties: serde_json::Map<String, serde_json::Value>,
}
