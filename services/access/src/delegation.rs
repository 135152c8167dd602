//! What somebody may give on: the check before rights are delegated.

use std::collections::BTreeSet;

use fullmakt_events::{PackageUrn, PartyId, ResourceId, StreamName, Timestamp};
use fullmakt_projections::graph::AccessGraph;
use fullmakt_xacml::{
    Decision, Evaluator, Request,
    ids::{ACTION, ACTION_ID, RESOURCE},
};

use crate::{
    Fact, FactKind, Facts, Relation, ResourcePolicy, Subject, Wanted, collect,
    deleted::is_any_deleted, gate, ids,
};

/// Which actions on a resource somebody may give on for a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightCheck {
    /// For each action that the policy has a rule for whether it may be given on, in alphabetical
    /// order.
    pub actions: Vec<(String, bool)>,
    /// Whether the policy names access packages, so that a missing one may be the reason.
    pub names_packages: bool,
    /// The facts about the giver that were weighed.
    pub facts: Vec<Fact>,
    /// Every stream that was looked into.
    pub consulted: BTreeSet<StreamName>,
}

/// Whether somebody may give a package on for a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageCheck {
    /// Whether the package may be given on.
    pub is_delegable: bool,
    /// The facts about the giver that were weighed.
    pub facts: Vec<Fact>,
    /// Every stream that was looked into.
    pub consulted: BTreeSet<StreamName>,
}

/// Checks which actions on a resource `giver` may give on for `party`.
///
/// An action counts if the resource's policy permits it to somebody with the giver's roles and the
/// packages that the giver may give on, or if the giver was given the single right to it; and where
/// the resource requires a right in the rights registry, if the party has one. A deleted party gives
/// nothing on, and nothing is given on for one.
#[must_use]
pub fn check_right(
    graph: &AccessGraph,
    policy: &ResourcePolicy,
    resource: &ResourceId,
    giver: PartyId,
    party: PartyId,
    at: Timestamp,
) -> RightCheck {
    let subject = Subject::Party(giver);
    let relation = Relation { subject: Some(subject), party, resource: Some(resource), at };
    let is_gated = gate::is_required(graph, resource);
    let mut facts = collect(graph, &relation, policy.wanted().with_registry_if(is_gated));
    facts.consulted.insert(StreamName::resource(resource));
    let is_deleted = is_any_deleted(graph, Some(subject), Some(party), &mut facts.consulted);
    let evaluator = Evaluator::new(at.to_datetime().fixed_offset());
    let is_permitted = |action: &str| {
        let mut request = Request::new()
            .with(RESOURCE, ids::RESOURCE, resource.as_str())
            .with(ACTION, ACTION_ID, action);
        facts.add_delegable_to(&mut request, action);
        let is_given = match policy.evaluate(&evaluator, &request).decision {
            Decision::Permit => true,
            Decision::NotApplicable => has_right(&facts, action),
            Decision::Deny | Decision::Indeterminate => false,
        };
        !is_deleted && is_given && (!is_gated || gate::is_open(&facts, action))
    };
    RightCheck {
        actions: policy.actions().map(|action| (action.to_owned(), is_permitted(action))).collect(),
        names_packages: policy.wanted().packages,
        facts: facts.facts,
        consulted: facts.consulted,
    }
}

/// Checks whether `giver` may give a package on for `party`.
#[must_use]
pub fn check_package(
    graph: &AccessGraph,
    package: &PackageUrn,
    giver: PartyId,
    party: PartyId,
    at: Timestamp,
) -> PackageCheck {
    let subject = Subject::Party(giver);
    let relation = Relation { subject: Some(subject), party, resource: None, at };
    let mut facts = collect(graph, &relation, Wanted::ALL);
    let is_deleted = is_any_deleted(graph, Some(subject), Some(party), &mut facts.consulted);
    let is_given = |fact: &Fact| match &fact.kind {
        FactKind::Package { package: own, can_delegate, .. } => own == package && *can_delegate,
        FactKind::Role(_)
        | FactKind::Right(_)
        | FactKind::RightWithin { .. }
        | FactKind::RegistryRight { .. }
        | FactKind::ListMember { .. } => false,
    };
    let is_delegable = !is_deleted && facts.facts.iter().any(is_given);
    PackageCheck { is_delegable, facts: facts.facts, consulted: facts.consulted }
}

/// Whether the giver was given a single right that includes the action. It is one to the resource.
fn has_right(facts: &Facts, action: &str) -> bool {
    facts.facts.iter().any(|fact| match &fact.kind {
        FactKind::Right(right) => right.includes(action),
        // Rights within packages are those of system users, which give nothing on.
        FactKind::RightWithin { .. }
        | FactKind::Role(_)
        | FactKind::Package { .. }
        | FactKind::RegistryRight { .. }
        | FactKind::ListMember { .. } => false,
    })
}
