//! Change requests: a vendor asks a customer for other rights of a system user.

use serde::{Deserialize, Serialize};

use super::event_family;
use crate::{ChangeRequestId, OrgNumber, PackageUrn, PartyId, Right, SystemId, SystemUserId};

event_family! {
    /// Which agreement a change request belongs to, on `change-request/{id}`: callers choose its id,
    /// and nobody else can have it afterwards.
    ChangeRequestEvent {
        Claimed(ChangeRequestClaimed) = "change_request.claimed" @ 1,
    }
}

/// The id of a change request is taken. In the same commit the change is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeRequestClaimed {
    /// The change request.
    pub id: ChangeRequestId,
    /// The system.
    pub system: SystemId,
    /// The customer.
    pub customer: OrgNumber,
}

/// A vendor asked a customer to change what a standard system user has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeRequested {
    /// The change request.
    pub id: ChangeRequestId,
    /// The system user that is to change.
    pub system_user: SystemUserId,
    /// The system.
    pub system: SystemId,
    /// The organisation that makes the system.
    pub vendor: OrgNumber,
    /// The customer.
    pub customer: OrgNumber,
    /// The customer's party.
    pub customer_party: PartyId,
    /// The reference that names the system user.
    pub external_ref: String,
    /// The single rights that it is to have.
    pub required_rights: Vec<Right>,
    /// The single rights that it is not to have.
    pub unwanted_rights: Vec<Right>,
    /// The access packages that it is to have.
    pub required_access_packages: Vec<PackageUrn>,
    /// The access packages that it is not to have.
    pub unwanted_access_packages: Vec<PackageUrn>,
    /// Where the approver is sent afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_url: Option<String>,
}

/// The customer said yes. In the same commit the system user changes, unless it has all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeApproved {
    /// The change request.
    pub id: ChangeRequestId,
    /// The person who approved.
    pub by: PartyId,
}

/// The customer said no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeRejected {
    /// The change request.
    pub id: ChangeRequestId,
    /// The person who rejected.
    pub by: PartyId,
}

/// The vendor took the change request back, or its system user is gone. It vanishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeWithdrawn {
    /// The change request.
    pub id: ChangeRequestId,
}
