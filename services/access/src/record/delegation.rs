//! The record of a delegation check.

use std::{borrow::Cow, collections::BTreeMap};

use fullmakt_events::{DecisionId, LedgerId, PackageUrn, PartyId, Position, ResourceId, Timestamp};
use serde::{Deserialize, Serialize};

/// What somebody may give on, and all that the answer depended on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelegationRecord {
    /// Its id.
    pub id: DecisionId,
    /// The ledger.
    pub ledger: LedgerId,
    /// The position that it was computed at.
    pub position: Position,
    /// The time that it was made for.
    pub evaluated_at: Timestamp,
    /// The version of the engine's semantics.
    pub engine: Cow<'static, str>,
    /// The hash of each catalogue's version, by name.
    pub catalogues: BTreeMap<String, String>,
    /// The hash of the facts that were weighed.
    pub facts: String,
    /// What was asked, and the answer.
    pub delegation: Delegation,
}

/// What was asked, and what may be given on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delegation {
    /// Who wants to give on.
    pub giver: PartyId,
    /// For whom.
    pub party: PartyId,
    /// The single rights, by resource.
    pub rights: BTreeMap<ResourceId, RightChecked>,
    /// Whether each package may be given on.
    pub packages: BTreeMap<PackageUrn, bool>,
}

/// Whether each action on a resource may be given on. Without a policy there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightChecked {
    /// The hash of the resource's policy.
    pub policy: Option<String>,
    /// Whether each action may be given on.
    pub actions: BTreeMap<String, bool>,
}
