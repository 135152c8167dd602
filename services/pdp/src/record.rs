//! The record of a decision: all that it depended on, so that it can be computed again.

use std::collections::BTreeMap;

use fullmakt_access::{Fact, FactKind};
use fullmakt_events::{
    Actor, DecisionId, LedgerId, PackageUrn, PartyId, Position, ResourceId, Right, Timestamp,
};
use fullmakt_xacml::Notice;
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::generation::Generation;

/// The version of the engine's semantics. Raised when the same inputs could give another decision.
pub(crate) const ENGINE: &str = "fullmakt-xacml/3";

/// What the decision log holds of a decision. National identity numbers were replaced by parties
/// before it is made.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct DecisionRecord {
    pub(crate) id: DecisionId,
    pub(crate) caller: Option<Actor>,
    pub(crate) correlation: Option<String>,
    pub(crate) ledger: LedgerId,
    pub(crate) position: Position,
    pub(crate) evaluated_at: Timestamp,
    pub(crate) engine: &'static str,
    pub(crate) matching: &'static str,
    pub(crate) request: Value,
    pub(crate) policy: Option<String>,
    pub(crate) catalogues: BTreeMap<&'static str, String>,
    pub(crate) facts: String,
    pub(crate) decision: &'static str,
    pub(crate) obligations: Value,
    pub(crate) reason: &'static str,
}

/// What the decision log holds of a delegation check.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct DelegationRecord {
    pub(crate) id: DecisionId,
    pub(crate) ledger: LedgerId,
    pub(crate) position: Position,
    pub(crate) evaluated_at: Timestamp,
    pub(crate) engine: &'static str,
    pub(crate) catalogues: BTreeMap<&'static str, String>,
    pub(crate) facts: String,
    pub(crate) delegation: Delegation,
}

/// What was asked, and what may be given on.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Delegation {
    pub(crate) giver: PartyId,
    pub(crate) party: PartyId,
    pub(crate) rights: BTreeMap<ResourceId, RightChecked>,
    pub(crate) packages: BTreeMap<PackageUrn, bool>,
}

/// Whether each action on a resource may be given on. Without a policy there are none.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct RightChecked {
    pub(crate) policy: Option<String>,
    pub(crate) actions: BTreeMap<String, bool>,
}

/// The hash of the facts that were weighed.
pub(crate) fn fingerprint<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> String {
    let mut hash = Sha256::new();
    for fact in facts {
        let name = match &fact.kind {
            FactKind::Role(role) => format!("role {role}"),
            FactKind::Package { package, has_access, can_delegate } => {
                format!("package {package} {has_access} {can_delegate}")
            }
            FactKind::Right(right) => format!("right {}", named(right)),
            FactKind::RightWithin { right, packages } => {
                format!("right {} within {packages:?}", named(right))
            }
            FactKind::RegistryRight { rights_type, rights_value } => {
                format!("registry right {rights_type} {rights_value}")
            }
            FactKind::ListMember { owner, name, actions } => {
                format!("list {owner} {name} {actions:?}")
            }
        };
        hash.update(name);
        for step in &fact.path {
            hash.update(format!(" {}@{}", step.stream, step.since));
        }
        hash.update("\n");
    }
    hex::encode(hash.finalize())
}

fn named(right: &Right) -> String {
    let action = right.action.as_deref().unwrap_or("*");
    format!("{} {action}", right.resource_id().unwrap_or_default())
}

pub(crate) fn catalogues(generation: &Generation) -> BTreeMap<&'static str, String> {
    let versions = generation.graph.catalogue().versions();
    versions.map(|(name, hash)| (name, hash.to_owned())).collect()
}

pub(crate) fn obligations(obligations: &[Notice]) -> Value {
    let assignments = |notice: &Notice| -> Vec<Value> {
        notice
            .assignments
            .iter()
            .map(|assignment| {
                json!({ "id": assignment.attribute_id, "value": assignment.value.to_string() })
            })
            .collect()
    };
    obligations
        .iter()
        .map(|notice| json!({ "id": notice.id, "assignments": assignments(notice) }))
        .collect()
}
