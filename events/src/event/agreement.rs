//! Requests, change requests and system users of one system for one customer.

use serde::{Deserialize, Serialize};

use super::{ChangeApproved, ChangeRejected, ChangeRequested, ChangeWithdrawn, event_family};
use crate::{OrgNumber, PackageUrn, PartyId, Right, SystemId, SystemUserId};

event_family! {
    /// What happens on `agreement/{system_id}/{customer_org}`.
    AgreementEvent {
        RequestCreated(RequestCreated) = "system_user_request.created" @ 1,
        RequestApproved(RequestApproved) = "system_user_request.approved" @ 1,
        RequestRejected(RequestRejected) = "system_user_request.rejected" @ 1,
        RequestWithdrawn(RequestWithdrawn) = "system_user_request.withdrawn" @ 1,
        RequestEscalated(RequestEscalated) = "system_user_request.escalated" @ 1,
        ChangeRequested(ChangeRequested) = "system_user_change.requested" @ 1,
        ChangeApproved(ChangeApproved) = "system_user_change.approved" @ 1,
        ChangeRejected(ChangeRejected) = "system_user_change.rejected" @ 1,
        ChangeWithdrawn(ChangeWithdrawn) = "system_user_change.withdrawn" @ 1,
        SystemUserCreated(SystemUserCreated) = "system_user.created" @ 1,
        SystemUserChanged(SystemUserChanged) = "system_user.changed" @ 1,
        SystemUserRenamed(SystemUserRenamed) = "system_user.renamed" @ 1,
        SystemUserPaused(SystemUserPaused) = "system_user.paused" @ 1,
        SystemUserResumed(SystemUserResumed) = "system_user.resumed" @ 1,
        SystemUserDeleted(SystemUserDeleted) = "system_user.deleted" @ 1,
    }
}

impl AgreementEvent {
    /// The system user that is another one afterwards than before; none where the event is about a
    /// request only.
    #[must_use]
    pub const fn changed_system_user(&self) -> Option<SystemUserId> {
        match self {
            Self::SystemUserCreated(created) => Some(created.id),
            Self::SystemUserChanged(changed) => Some(changed.id),
            Self::SystemUserRenamed(renamed) => Some(renamed.id),
            Self::SystemUserPaused(paused) => Some(paused.id),
            Self::SystemUserResumed(resumed) => Some(resumed.id),
            Self::SystemUserDeleted(deleted) => Some(deleted.id),
            Self::RequestCreated(_)
            | Self::RequestApproved(_)
            | Self::RequestRejected(_)
            | Self::RequestWithdrawn(_)
            | Self::RequestEscalated(_)
            | Self::ChangeRequested(_)
            | Self::ChangeApproved(_)
            | Self::ChangeRejected(_)
            | Self::ChangeWithdrawn(_) => None,
        }
    }
}

/// Whom a system user acts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemUserKind {
    /// For its owner.
    Standard,
    /// For its owner's clients.
    Agent,
}

/// A vendor asked a customer for a system user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestCreated {
    /// The request's id, and later the system user's.
    pub id: SystemUserId,
    /// Whom the system user is to act for.
    pub kind: SystemUserKind,
    /// The system.
    pub system: SystemId,
    /// The organisation that makes the system.
    pub vendor: OrgNumber,
    /// The customer.
    pub customer: OrgNumber,
    /// The customer's party.
    pub customer_party: PartyId,
    /// The vendor's own reference; (system, customer, reference) names one system user.
    pub external_ref: String,
    /// What the customer will see it called.
    pub integration_title: String,
    /// The single rights asked for.
    pub rights: Vec<Right>,
    /// The access packages asked for.
    pub access_packages: Vec<PackageUrn>,
    /// Where the approver is sent afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_url: Option<String>,
}

/// The customer said yes. In the same commit the system user is created.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestApproved {
    /// The request.
    pub id: SystemUserId,
    /// The person who approved.
    pub by: PartyId,
}

/// The customer said no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestRejected {
    /// The request.
    pub id: SystemUserId,
    /// The person who rejected.
    pub by: PartyId,
}

/// The vendor took the request back. It vanishes, and its reference can be used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestWithdrawn {
    /// The request.
    pub id: SystemUserId,
}

/// Somebody of the customer who may not approve the request has handed it to those who may. It
/// waits for them as before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestEscalated {
    /// The request.
    pub id: SystemUserId,
    /// The person who escalated it.
    pub by: PartyId,
}

/// A system user exists, with exactly these rights.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemUserCreated {
    /// The system user.
    pub id: SystemUserId,
    /// Whom it acts for.
    pub kind: SystemUserKind,
    /// The system.
    pub system: SystemId,
    /// The organisation that makes the system.
    pub vendor: OrgNumber,
    /// The organisation that owns it.
    pub owner: OrgNumber,
    /// The owner's party.
    pub owner_party: PartyId,
    /// The vendor's own reference.
    pub external_ref: String,
    /// What the owner sees it called.
    pub integration_title: String,
    /// The single rights it was asked for, in the vendor's words.
    pub rights: Vec<Right>,
    /// What was delegated for those rights: each names one resource and one action.
    pub delegated: Vec<Right>,
    /// The access packages it was given.
    pub access_packages: Vec<PackageUrn>,
}

/// A system user has exactly these rights from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemUserChanged {
    /// The system user.
    pub id: SystemUserId,
    /// The single rights it was asked for, in the vendor's words.
    pub rights: Vec<Right>,
    /// What was delegated for those rights: each names one resource and one action.
    pub delegated: Vec<Right>,
    /// The access packages it was given.
    pub access_packages: Vec<PackageUrn>,
}

/// A system user is called something else from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemUserRenamed {
    /// The system user.
    pub id: SystemUserId,
    /// What the owner sees it called.
    pub integration_title: String,
    /// The person who renamed it.
    pub by: PartyId,
}

/// A system user keeps what it was given and can use nothing of it until it is resumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemUserPaused {
    /// The system user.
    pub id: SystemUserId,
    /// The person who paused it.
    pub by: PartyId,
}

/// A paused system user can use what it was given again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemUserResumed {
    /// The system user.
    pub id: SystemUserId,
    /// The person who resumed it.
    pub by: PartyId,
}

/// A system user is gone, and with it all that it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemUserDeleted {
    /// The system user.
    pub id: SystemUserId,
    /// The person who deleted it; nobody where the vendor of the system did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PartyId>,
}
