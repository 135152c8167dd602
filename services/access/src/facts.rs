//! The facts about a subject towards a party: one file a kind of fact.

mod client_link;
mod givers;
mod key_roles;
mod mandates;
mod packages;
mod registry;
mod roles;
mod system_user;
mod wanted;

use std::collections::BTreeSet;

use fullmakt_events::{
    AccessListName, OwnerCode, PackageUrn, PartyId, ResourceId, Right, RoleUrn, StreamName,
    Timestamp,
};
use fullmakt_projections::graph::{AccessGraph, Provenance};
use fullmakt_xacml::{Request, ids::ACCESS_SUBJECT};

pub use wanted::Wanted;

use crate::{Subject, ids};

/// Who acts for whom, on what and when.
#[derive(Debug, Clone, Copy)]
pub struct Relation<'a> {
    /// Who acts; nothing where the request names no subject that facts are kept about.
    pub subject: Option<Subject>,
    /// The party that is represented.
    pub party: PartyId,
    /// The resource; nothing where no single one is meant, so that no right to one is collected.
    pub resource: Option<&'a ResourceId>,
    /// The time asked about, at which all validity is judged.
    pub at: Timestamp,
}

impl Relation<'_> {
    /// Whether a right is one to the resource.
    fn is_about(&self, right: &Right) -> bool {
        self.resource.is_some_and(|resource| right.resource_id() == Some(resource.as_str()))
    }
}

/// What is known about a subject towards a party.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The facts, each with the path that made it true.
    pub facts: Vec<Fact>,
    /// Every stream that was looked into, whether or not something was found there.
    pub consulted: BTreeSet<StreamName>,
}

/// One fact about a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub kind: FactKind,
    /// The facts of the ledger that it follows from.
    pub path: Vec<Provenance>,
}

/// The kinds of facts about subjects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactKind {
    /// The subject has a role.
    Role(RoleUrn),
    /// The subject has an access package.
    Package {
        /// The package.
        package: PackageUrn,
        /// Whether it gives access.
        has_access: bool,
        /// Whether the subject may give it on.
        can_delegate: bool,
    },
    /// The subject was given a single right.
    Right(Right),
    /// The subject was given a single right by somebody who has it by packages: it counts as far as
    /// the resource's policy permits it to somebody with the packages of each of these groups alone.
    RightWithin {
        /// The right.
        right: Right,
        /// The groups of packages.
        packages: Vec<Vec<PackageUrn>>,
    },
    /// The party represented has a right to the resource in the rights registry.
    RegistryRight {
        /// The type: the id of an attribute.
        rights_type: String,
        /// The value.
        rights_value: String,
    },
    /// The party represented is on an access list that the resource is connected with.
    ListMember {
        /// The service owner that keeps the list.
        owner: OwnerCode,
        /// The list's name.
        name: AccessListName,
        /// The actions that the resource is open for; none named means every action.
        actions: Vec<String>,
    },
}

impl FactKind {
    /// Calls back with each attribute of the subject that policies know the fact by in a request for
    /// an action; none for a single right, which stands beside the policy.
    pub(crate) fn for_each_attribute(&self, action: &str, mut tell: impl FnMut(&str, &str)) {
        match self {
            Self::Role(role) => {
                let (id, value) = role.attribute();
                tell(id, value);
            }
            Self::Package { package, .. } => tell(ids::ACCESS_PACKAGE, package.code()),
            Self::RegistryRight { rights_type, rights_value } => {
                // A right of another type opens the gate, and is no attribute: callers could claim
                // it.
                if rights_type.starts_with(ids::REGISTRY_PREFIX) {
                    tell(rights_type, rights_value);
                    // The registry's records have the value `urn:read` where policies have `read`.
                    if let Some(value) = rights_value.strip_prefix("urn:") {
                        tell(rights_type, value);
                    }
                }
            }
            Self::ListMember { owner, name, actions } => {
                tell(ids::ACCESS_LIST, &format!("{owner}:{name}"));
                if actions.is_empty() {
                    tell(ids::REGISTRY_ACTION, action);
                }
                for action in actions {
                    tell(ids::REGISTRY_ACTION, action);
                }
            }
            Self::Right(_) | Self::RightWithin { .. } => {}
        }
    }

    /// Whether the fact counts: of packages those do that are chosen by whether they give access and
    /// whether they may be given on.
    fn counts(&self, chosen: impl Fn(bool, bool) -> bool) -> bool {
        match self {
            Self::Package { has_access, can_delegate, .. } => chosen(*has_access, *can_delegate),
            Self::Role(_)
            | Self::Right(_)
            | Self::RightWithin { .. }
            | Self::RegistryRight { .. }
            | Self::ListMember { .. } => true,
        }
    }
}

/// Collects the facts of these kinds about a subject towards a party.
#[must_use]
pub fn collect(graph: &AccessGraph, relation: &Relation<'_>, wanted: Wanted) -> Facts {
    let mut facts = Facts::default();
    if wanted.registry {
        registry::add(graph, relation, relation.subject, &mut facts);
    }
    match relation.subject {
        Some(Subject::Party(subject)) => {
            of_party(graph, relation, subject, wanted, &mut facts);
        }
        Some(Subject::SystemUser(subject)) => {
            system_user::collect(graph, subject, relation, wanted, &mut facts);
        }
        None => {}
    }
    facts
}

fn of_party(
    graph: &AccessGraph,
    relation: &Relation<'_>,
    subject: PartyId,
    wanted: Wanted,
    facts: &mut Facts,
) {
    if !(wanted.roles || wanted.packages || wanted.mandates) {
        return;
    }
    facts.consulted.insert(StreamName::party(relation.party));
    let Some(represented) = graph.party(relation.party) else { return };
    let givers = givers::of(graph, represented, relation.at, facts);
    // Packages follow from roles, so that roles are looked up for either.
    if wanted.roles || wanted.packages {
        let held = roles::held(graph, subject, represented, &givers, facts);
        if wanted.roles {
            roles::add(graph, &held, facts);
        }
        if wanted.packages {
            packages::add(graph, &held, facts);
        }
    }
    if wanted.mandates {
        mandates::add(graph, relation, wanted, (subject, &givers), facts);
    }
}

impl Facts {
    /// Adds the facts that give access to a request for an action, as attributes of its subject.
    pub fn add_to(&self, request: &mut Request, action: &str) {
        self.add_where(request, action, |has_access, _| has_access);
    }

    /// Adds the facts that the subject may give on to a request for an action, as attributes of its
    /// subject.
    pub(crate) fn add_delegable_to(&self, request: &mut Request, action: &str) {
        self.add_where(request, action, |_, can_delegate| can_delegate);
    }

    /// The request without what callers say of kinds of facts that the ledger keeps: these come from
    /// the ledger alone.
    pub(crate) fn without_claims(mut request: Request) -> Request {
        for category in &mut request.categories {
            if category.category == ACCESS_SUBJECT {
                category.attributes.retain(|attribute| !ids::is_kept(&attribute.id));
            }
        }
        request
    }

    /// Adds attributes of the subject. Of packages those that count, by whether they give access and
    /// whether they may be given on.
    fn add_where(&self, request: &mut Request, action: &str, counts: impl Fn(bool, bool) -> bool) {
        for fact in self.facts.iter().filter(|fact| fact.kind.counts(&counts)) {
            fact.kind
                .for_each_attribute(action, |id, value| request.add(ACCESS_SUBJECT, id, value));
        }
    }

    fn add(&mut self, kind: FactKind, path: Vec<Provenance>) {
        if !self.facts.iter().any(|known| known.kind == kind) {
            self.facts.push(Fact { kind, path });
        }
    }
}
