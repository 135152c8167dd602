//! The system register, and the claims of client ids.

use serde::{Deserialize, Serialize};

use super::event_family;
use crate::{ClientId, LocalizedText, OrgNumber, PackageUrn, Right, SystemId, SystemInternalId};

event_family! {
    /// What happens to a system on its stream `system/{system_id}`.
    SystemEvent {
        Registered(SystemRegistered) = "system.registered" @ 1,
        Updated(SystemUpdated) = "system.updated" @ 1,
        RightsReplaced(SystemRightsReplaced) = "system.rights_replaced" @ 1,
        AccessPackagesReplaced(SystemAccessPackagesReplaced) = "system.access_packages_replaced" @ 1,
        Deleted(SystemDeleted) = "system.deleted" @ 1,
    }
}

event_family! {
    /// Which active system holds a client id, on `client-id/{client_id}`.
    ClientIdEvent {
        Claimed(ClientIdClaimed) = "client_id.claimed" @ 1,
        Released(ClientIdReleased) = "client_id.released" @ 1,
    }
}

/// What the register holds of a system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemDefinition {
    /// The system's id.
    pub id: SystemId,
    /// The organisation that makes it.
    pub vendor: OrgNumber,
    /// Its name.
    pub name: LocalizedText,
    /// What it does.
    pub description: LocalizedText,
    /// The single rights that it may ask customers for.
    pub rights: Vec<Right>,
    /// The access packages that it may ask customers for.
    pub access_packages: Vec<PackageUrn>,
    /// The token issuer's client ids that act for it.
    pub client_ids: Vec<ClientId>,
    /// Whether customers can find it by themselves.
    pub is_visible: bool,
    /// Where a customer may be sent after a request was answered.
    pub allowed_redirect_urls: Vec<String>,
}

/// A system entered the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemRegistered {
    /// The register's internal id of it.
    pub internal_id: SystemInternalId,
    /// What was registered.
    pub system: Box<SystemDefinition>,
}

/// The register holds this of a system from now on, and nothing of what it held before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemUpdated {
    /// What it holds. The id and the vendor are those that it was registered with.
    pub system: Box<SystemDefinition>,
}

/// These are the single rights that a system may ask customers for, and none of those before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemRightsReplaced {
    /// The system.
    pub id: SystemId,
    /// The rights.
    pub rights: Vec<Right>,
}

/// These are the access packages that a system may ask customers for, and none of those before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemAccessPackagesReplaced {
    /// The system.
    pub id: SystemId,
    /// The packages.
    pub access_packages: Vec<PackageUrn>,
}

/// A system left the register. Its id is never used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemDeleted {
    /// The system.
    pub id: SystemId,
}

/// A client id acts for this system from now on, and for no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientIdClaimed {
    /// The client id as the vendor wrote it.
    pub client_id: ClientId,
    /// The system.
    pub system: SystemId,
}

/// A client id is free again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientIdReleased {
    /// The client id.
    pub client_id: ClientId,
    /// The system that held it.
    pub system: SystemId,
}
