//! The decision.

use std::collections::BTreeSet;

use fullmakt_events::{PackageUrn, ResourceId, Right, StreamName};
use fullmakt_projections::graph::AccessGraph;
use fullmakt_xacml::{
    Decision, Evaluation, Evaluator, Notice, Request, Status, StatusCode,
    ids::{ACCESS_SUBJECT, RESOURCE},
};

use crate::{
    Fact, FactKind, Facts, Question, Relation, ResourcePolicy, Subject, collect,
    deleted::is_any_deleted, gate, ids,
};

/// A decision, and all that it rests on.
#[derive(Debug, Clone)]
pub struct AccessDecision {
    /// The decision.
    pub decision: Decision,
    /// How it came about, in the standard's terms.
    pub status: Status,
    /// What the enforcement point must do.
    pub obligations: Vec<Notice>,
    /// Why, in one word.
    pub reason: Reason,
    /// The facts about the subject that were weighed.
    pub facts: Vec<Fact>,
    /// Every stream that was looked into.
    pub consulted: BTreeSet<StreamName>,
}

/// Why a decision is what it is. A stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The resource's policy permits it.
    PolicyPermits,
    /// The subject was given this single right.
    RightPermits,
    /// The resource's policy denies it.
    PolicyDenies,
    /// It would be permitted, and the resource requires a right in the rights registry that the
    /// party represented does not have, or that whoever acts may not use.
    RegistryRightMissing,
    /// Nothing gives the subject this right.
    NothingPermits,
    /// The register has deleted the party, the subject, or the owner of the system user.
    PartyDeleted,
    /// The subject is a system user that its owner has paused.
    SubjectPaused,
    /// There is no such system user, or it was deleted.
    SubjectUnknown,
    /// The policy could not be evaluated.
    PolicyFailed,
    /// There is no such resource, or it has no policy.
    NoPolicy,
}

impl Reason {
    /// The code in records and answers.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PolicyPermits => "policy-permits",
            Self::RightPermits => "right-permits",
            Self::PolicyDenies => "policy-denies",
            Self::RegistryRightMissing => "registry-right-missing",
            Self::NothingPermits => "nothing-permits",
            Self::PartyDeleted => "party-deleted",
            Self::SubjectPaused => "subject-paused",
            Self::SubjectUnknown => "subject-unknown",
            Self::PolicyFailed => "policy-failed",
            Self::NoPolicy => "no-policy",
        }
    }
}

/// Decides.
///
/// Without a policy nothing can be decided: the answer is Indeterminate, which is never Permit. To
/// and for a deleted party and to a system user that is paused, deleted or never was no policy
/// applies, not even one that permits something to everybody. What a resource's policy permits is
/// denied where the resource requires a right in the rights registry and none counts.
#[must_use]
pub fn decide(
    graph: &AccessGraph,
    policy: Option<&ResourcePolicy>,
    question: &Question,
) -> AccessDecision {
    let Some(policy) = policy else { return without_policy(&question.resource) };
    let mut consulted = BTreeSet::from([StreamName::resource(&question.resource)]);
    let is_paused = match question.subject {
        Some(Subject::SystemUser(user)) => match graph.system_user(user) {
            Some(user) => user.is_paused,
            // What is deleted never comes back.
            None => return not_applicable(Reason::SubjectUnknown, consulted),
        },
        Some(Subject::Party(_)) | None => false,
    };
    // Consults the system user's agreement too, on which it may be paused later.
    if is_any_deleted(graph, question.subject, question.party, &mut consulted) {
        return not_applicable(Reason::PartyDeleted, consulted);
    }
    if is_paused {
        return not_applicable(Reason::SubjectPaused, consulted);
    }
    let is_gated = gate::is_required(graph, &question.resource);
    let mut facts = question.party.map_or_else(Facts::default, |party| {
        let Question { subject, at, .. } = *question;
        let relation = Relation { subject, party, resource: Some(&question.resource), at };
        collect(graph, &relation, policy.wanted().with_registry_if(is_gated))
    });
    facts.consulted.append(&mut consulted);

    let evaluator = Evaluator::new(question.at.to_datetime().fixed_offset());
    let evaluate = |request: &Request| policy.evaluate(&evaluator, request);
    let evaluation = evaluate(&evaluated(question, &facts));
    let has_right = |fact: &Fact| gives_right(fact, question, evaluate);
    let (decision, reason, obligations) = match evaluation.decision {
        Decision::Permit => (Decision::Permit, Reason::PolicyPermits, evaluation.obligations),
        Decision::Deny => (Decision::Deny, Reason::PolicyDenies, evaluation.obligations),
        Decision::Indeterminate => (Decision::Indeterminate, Reason::PolicyFailed, Vec::new()),
        // A single right stands beside the policy: it gives one action that the policy has, under
        // the policy's own obligations.
        Decision::NotApplicable => match policy.obligations_of(&question.action) {
            Some(obligations) if facts.facts.iter().any(has_right) => {
                (Decision::Permit, Reason::RightPermits, obligations)
            }
            Some(_) | None => (Decision::NotApplicable, Reason::NothingPermits, Vec::new()),
        },
    };
    let is_shut = is_gated && !gate::is_open(&facts, &question.action);
    let (decision, reason, obligations) = match decision {
        Decision::Permit if is_shut => (Decision::Deny, Reason::RegistryRightMissing, Vec::new()),
        Decision::Permit | Decision::Deny | Decision::NotApplicable | Decision::Indeterminate => {
            (decision, reason, obligations)
        }
    };
    AccessDecision {
        decision,
        status: evaluation.status,
        obligations,
        reason,
        facts: facts.facts,
        consulted: facts.consulted,
    }
}

/// The request that a policy is evaluated for: the caller's, with what the ledger knows.
pub(crate) fn evaluated(question: &Question, facts: &Facts) -> Request {
    let mut request = bare(question);
    facts.add_to(&mut request, &question.action);
    request
}

/// Whether a fact is a single right that gives what is asked for.
pub(crate) fn gives_right(
    fact: &Fact,
    question: &Question,
    evaluate: impl Fn(&Request) -> Evaluation,
) -> bool {
    let gives = |right: &Right| {
        right.resource_id() == Some(question.resource.as_str()) && right.includes(&question.action)
    };
    let is_within = |packages: &Vec<PackageUrn>| {
        let mut request = bare(question);
        for package in packages {
            request.add(ACCESS_SUBJECT, ids::ACCESS_PACKAGE, package.code());
        }
        evaluate(&request).decision == Decision::Permit
    };
    match &fact.kind {
        FactKind::Right(right) => gives(right),
        FactKind::RightWithin { right, packages } => gives(right) && packages.iter().all(is_within),
        FactKind::Role(_)
        | FactKind::Package { .. }
        | FactKind::RegistryRight { .. }
        | FactKind::ListMember { .. } => false,
    }
}

/// The request without any facts.
fn bare(question: &Question) -> Request {
    with_resource(Facts::without_claims(question.request.clone()), &question.resource)
}

/// The request with the resource's identifier, where it does not name it yet.
fn with_resource(request: Request, resource: &ResourceId) -> Request {
    if request.values(RESOURCE, ids::RESOURCE).next().is_some() {
        request
    } else {
        request.with(RESOURCE, ids::RESOURCE, resource.as_str())
    }
}

fn not_applicable(reason: Reason, consulted: BTreeSet<StreamName>) -> AccessDecision {
    AccessDecision {
        decision: Decision::NotApplicable,
        status: Status::ok(),
        obligations: Vec::new(),
        reason,
        facts: Vec::new(),
        consulted,
    }
}

fn without_policy(resource: &ResourceId) -> AccessDecision {
    AccessDecision {
        decision: Decision::Indeterminate,
        status: Status::error(StatusCode::ProcessingError, "the resource has no policy"),
        obligations: Vec::new(),
        reason: Reason::NoPolicy,
        facts: Vec::new(),
        consulted: BTreeSet::from([StreamName::resource(resource)]),
    }
}
