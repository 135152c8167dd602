//! Units and persons of the entity register, their role holders, and the claims of their numbers.

use serde::{Deserialize, Serialize};

use super::event_family;
use crate::{OrgNumber, PartyId, PartyNumber, RoleUrn};

event_family! {
    /// What happens to a unit or person on `party/{uuid}`.
    PartyEvent {
        Registered(PartyRegistered) = "party.registered" @ 1,
        Changed(PartyChanged) = "party.changed" @ 1,
        RoleAssigned(RoleAssigned) = "party.role_assigned" @ 1,
        RoleEnded(RoleEnded) = "party.role_ended" @ 1,
    }
}

event_family! {
    /// Whose an organisation number is, on `org/{orgno}`.
    OrgNumberEvent {
        Claimed(OrgNumberClaimed) = "org_number.claimed" @ 1,
    }
}

event_family! {
    /// Whose an integer party id is, on `party-number/{int}`.
    PartyNumberEvent {
        Claimed(PartyNumberClaimed) = "party_number.claimed" @ 1,
    }
}

/// Whether a party is a unit or a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// A main unit of the entity register.
    Organization,
    /// A sub-unit, whose parent is a main unit.
    SubUnit,
    /// A person. The ledger holds nothing of a person but this.
    Person,
}

/// What the register says of a unit or person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyFacts {
    /// Whether it is a unit or a person.
    pub kind: PartyKind,
    /// The organisation number of a unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_number: Option<OrgNumber>,
    /// The organisation form of a unit, such as `AS` or `BRL`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// The name of a unit, unless it is that of a person (sole proprietorships).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The unit that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<PartyId>,
    /// Whether the register has deleted it, or the person is dead.
    #[serde(default)]
    pub is_deleted: bool,
}

/// A unit or person is known from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyRegistered {
    /// The party.
    pub party: PartyId,
    /// Its integer id in the wire contract.
    pub number: PartyNumber,
    /// What the register says of it.
    pub facts: PartyFacts,
}

/// The register says something else of it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyChanged {
    /// The party.
    pub party: PartyId,
    /// What the register says of it from now on.
    pub facts: PartyFacts,
}

/// Somebody holds a role for this party: the general manager of a company, its accountant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleAssigned {
    /// The party that the role is held for.
    pub party: PartyId,
    /// The role.
    pub role: RoleUrn,
    /// The unit or person that holds it.
    pub holder: PartyId,
}

/// Somebody no longer holds a role for this party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleEnded {
    /// The party that the role was held for.
    pub party: PartyId,
    /// The role.
    pub role: RoleUrn,
    /// The unit or person that held it.
    pub holder: PartyId,
}

/// An organisation number belongs to this party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrgNumberClaimed {
    /// The number.
    pub org_number: OrgNumber,
    /// The party.
    pub party: PartyId,
}

/// An integer party id belongs to this party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyNumberClaimed {
    /// The integer id.
    pub number: PartyNumber,
    /// The party.
    pub party: PartyId,
}
