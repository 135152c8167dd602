//! The facts about a subject towards a party: one file a kind of fact.

mod packages;
mod roles;
mod system_user;

use std::collections::BTreeSet;

use fullmakt_events::{PackageUrn, PartyId, Right, RoleUrn, StreamName};
use fullmakt_projections::graph::{AccessGraph, Provenance};
use fullmakt_xacml::{PolicyTree, Request, ids::ACCESS_SUBJECT};

use crate::{Subject, ids};

/// The kinds of facts that a policy can use. Others are not collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Roles.
    pub roles: bool,
    /// Access packages.
    pub packages: bool,
}

impl Wanted {
    /// All kinds of facts.
    pub const ALL: Self = Self { roles: true, packages: true };

    /// The kinds that a policy tests.
    #[must_use]
    pub fn by(policy: &PolicyTree) -> Self {
        let mut wanted = Self { roles: false, packages: false };
        for tested in policy.attributes_tested() {
            if tested.category == ACCESS_SUBJECT {
                wanted.packages |= tested.id == ids::ACCESS_PACKAGE;
                wanted.roles |=
                    ids::ROLE_PREFIXES.iter().any(|prefix| tested.id.starts_with(prefix));
            }
        }
        wanted
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
}

/// Collects the facts of these kinds about a subject towards a party.
#[must_use]
pub fn collect(graph: &AccessGraph, subject: Subject, party: PartyId, wanted: Wanted) -> Facts {
    let mut facts = Facts::default();
    match subject {
        Subject::Party(subject) => {
            // Packages follow from roles, so that roles are looked up for either.
            if wanted.roles || wanted.packages {
                let held = roles::held(graph, subject, party, &mut facts);
                if wanted.roles {
                    roles::add(graph, &held, &mut facts);
                }
                if wanted.packages {
                    packages::add(graph, &held, &mut facts);
                }
            }
        }
        Subject::SystemUser(subject) => system_user::collect(graph, subject, party, &mut facts),
    }
    facts
}

impl Facts {
    /// Adds the facts that give access to a request, as attributes of its subject.
    pub fn add_to(&self, request: &mut Request) {
        self.add_where(request, |fact| match fact {
            FactKind::Role(_) => true,
            FactKind::Package { has_access, .. } => *has_access,
            FactKind::Right(_) => false,
        });
    }

    /// Adds the facts that the subject may give on to a request, as attributes of its subject.
    pub(crate) fn add_delegable_to(&self, request: &mut Request) {
        self.add_where(request, |fact| match fact {
            FactKind::Role(_) => true,
            FactKind::Package { can_delegate, .. } => *can_delegate,
            FactKind::Right(_) => false,
        });
    }

    /// The request without what callers say of kinds of facts that the ledger keeps: these come from
    /// the ledger alone.
    pub(crate) fn without_claims(mut request: Request) -> Request {
        let is_kept = |id: &str| {
            id == ids::ACCESS_PACKAGE || ids::ROLE_PREFIXES.iter().any(|own| id.starts_with(own))
        };
        for category in &mut request.categories {
            if category.category == ACCESS_SUBJECT {
                category.attributes.retain(|attribute| !is_kept(&attribute.id));
            }
        }
        request
    }

    fn add_where(&self, request: &mut Request, counts: impl Fn(&FactKind) -> bool) {
        for fact in self.facts.iter().filter(|fact| counts(&fact.kind)) {
            match &fact.kind {
                FactKind::Role(role) => {
                    let (id, value) = role.attribute();
                    request.add(ACCESS_SUBJECT, id, value);
                }
                FactKind::Package { package, .. } => {
                    request.add(ACCESS_SUBJECT, ids::ACCESS_PACKAGE, package.code());
                }
                FactKind::Right(_) => {}
            }
        }
    }

    fn add(&mut self, kind: FactKind, path: Vec<Provenance>) {
        if !self.facts.iter().any(|known| known.kind == kind) {
            self.facts.push(Fact { kind, path });
        }
    }
}
