//! What a system user may do for one of its owner's clients.

use serde::{Deserialize, Serialize};

use super::event_family;
use crate::{PackageUrn, PartyId, Right, SystemUserId, Validity};

event_family! {
    /// What happens on `client-link/{system_user}/{client_party}`.
    ClientLinkEvent {
        Added(ClientLinkAdded) = "client_link.added" @ 1,
        Changed(ClientLinkChanged) = "client_link.changed" @ 1,
        Removed(ClientLinkRemoved) = "client_link.removed" @ 1,
    }
}

/// A system user may do this for a client, as far as the client lets the system user's owner do it
/// and the system user may do it for any client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientLinkAdded {
    /// The system user.
    pub system_user: SystemUserId,
    /// The client.
    pub client: PartyId,
    /// The access packages that it may use.
    pub access_packages: Vec<PackageUrn>,
    /// The single rights that it may use.
    pub rights: Vec<Right>,
    /// When it may.
    pub validity: Validity,
    /// Who added the client: a person, or an organisation for itself.
    pub by: PartyId,
}

/// A system user may do exactly this for a client from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientLinkChanged {
    /// The system user.
    pub system_user: SystemUserId,
    /// The client.
    pub client: PartyId,
    /// The access packages that it may use.
    pub access_packages: Vec<PackageUrn>,
    /// The single rights that it may use.
    pub rights: Vec<Right>,
    /// When it may.
    pub validity: Validity,
    /// Who changed it.
    pub by: PartyId,
}

/// A system user may do nothing for a client any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientLinkRemoved {
    /// The system user.
    pub system_user: SystemUserId,
    /// The client.
    pub client: PartyId,
    /// Who removed the client.
    pub by: PartyId,
}
