//! What one party gives another, and what one asks another for.

use serde::{Deserialize, Serialize};

use super::event_family;
use crate::{MandateAskId, PackageUrn, PartyId, Right, Validity};

event_family! {
    /// What happens on `mandate/{from_party}/{to_party}`.
    MandateEvent {
        Given(MandateGiven) = "mandate.given" @ 1,
        Changed(MandateChanged) = "mandate.changed" @ 1,
        Revoked(MandateRevoked) = "mandate.revoked" @ 1,
        Asked(MandateAsked) = "mandate.asked" @ 1,
        AskApproved(MandateAskApproved) = "mandate.ask_approved" @ 1,
        AskRejected(MandateAskRejected) = "mandate.ask_rejected" @ 1,
        AskWithdrawn(MandateAskWithdrawn) = "mandate.ask_withdrawn" @ 1,
    }
}

/// A party gives another these packages and single rights. What it gave before stays, and what is
/// given again counts in the time that is said last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MandateGiven {
    /// Who gives.
    pub from_party: PartyId,
    /// Who is given it.
    pub to_party: PartyId,
    /// The access packages.
    pub access_packages: Vec<PackageUrn>,
    /// The single rights. Each is revoked as it was given.
    pub rights: Vec<Right>,
    /// When they count.
    pub validity: Validity,
    /// Who did so for the party that gives.
    pub by: PartyId,
    /// The ask that is answered with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask: Option<MandateAskId>,
}

/// Of these packages and rights, what is given counts in another time from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MandateChanged {
    /// Who gives.
    pub from_party: PartyId,
    /// Who is given it.
    pub to_party: PartyId,
    /// The access packages.
    pub access_packages: Vec<PackageUrn>,
    /// The single rights.
    pub rights: Vec<Right>,
    /// When they count.
    pub validity: Validity,
    /// Who did so.
    pub by: PartyId,
}

/// These packages and rights are no longer given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MandateRevoked {
    /// Who gave.
    pub from_party: PartyId,
    /// Who was given it.
    pub to_party: PartyId,
    /// The access packages.
    pub access_packages: Vec<PackageUrn>,
    /// The single rights, as they were given.
    pub rights: Vec<Right>,
    /// Who did so, on either side.
    pub by: PartyId,
}

/// A party asks another for packages and single rights. It need not have had any before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MandateAsked {
    /// The ask.
    pub id: MandateAskId,
    /// Who is asked.
    pub from_party: PartyId,
    /// Who asks.
    pub to_party: PartyId,
    /// The access packages.
    pub access_packages: Vec<PackageUrn>,
    /// The single rights.
    pub rights: Vec<Right>,
    /// When they are to count.
    pub validity: Validity,
    /// Who asked for the party that asks.
    pub by: PartyId,
}

/// An ask is answered with yes. What is given, all of it or a part, is given in the same commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MandateAskApproved {
    /// The ask.
    pub id: MandateAskId,
    /// Who approved.
    pub by: PartyId,
}

/// An ask is answered with no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MandateAskRejected {
    /// The ask.
    pub id: MandateAskId,
    /// Who rejected.
    pub by: PartyId,
}

/// Who asked took the ask back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MandateAskWithdrawn {
    /// The ask.
    pub id: MandateAskId,
    /// Who withdrew it.
    pub by: PartyId,
}
