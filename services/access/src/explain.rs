//! Why a decision is what it is: the rule that fired and the facts it rests on, or for a denial what
//! would have had to be true.

use fullmakt_events::{ResourceId, Timestamp};
use fullmakt_projections::graph::{AccessGraph, Provenance};
use fullmakt_xacml::{
    AttributeMatch, Evaluator, Explained, ExplainedKind, ExtendedDecision, Request, Right, Value,
    functions::Function,
    ids::{ACCESS_SUBJECT, ACTION_ID},
};

use crate::{
    AccessDecision, Fact, Facts, Question, Reason, ResourcePolicy, Subject,
    decide::{evaluated, gives_right},
    deleted::concerned,
    gate,
};

/// How many of the nearest misses are told.
const MISSES_MAX: usize = 5;

/// Why a decision is what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessExplanation {
    /// Why, in one word.
    pub reason: Reason,
    /// The rule of the policy that decided; none where no rule did.
    pub rule: Option<FiredRule>,
    /// The facts that the decision rests on, each with the path that made it true.
    pub facts: Vec<Fact>,
    /// What stood in the way, whatever the policy says.
    pub barred_by: Vec<Provenance>,
    /// For a denial by silence what would have had to be true, the nearest first.
    pub misses: Vec<NearestMiss>,
}

/// A rule that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiredRule {
    /// The policy that it is in.
    pub policy: String,
    /// The rule.
    pub rule: String,
}

/// Something that would have given access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NearestMiss {
    /// A rule of the policy, had this been true.
    Rule {
        /// The rule.
        rule: String,
        /// What was not so.
        missing: Vec<Miss>,
        /// Whether the rule has a condition besides, which these do not tell of.
        is_conditional: bool,
    },
    /// A single right to what was asked for, had the subject been given it.
    SingleRight {
        /// The resource.
        resource: ResourceId,
        /// The action.
        action: String,
    },
    /// A right to the resource in the rights registry, had the party represented had one that
    /// whoever acts may use, or been on a list that the resource is open to.
    RegistryRight {
        /// The resource.
        resource: ResourceId,
    },
}

/// An attribute that did not have the value asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// The attribute's category.
    pub category: String,
    /// The attribute.
    pub attribute: String,
    /// The value that it would have been compared with.
    pub value: String,
}

/// Explains a decision about a question, both on the same graph and policy.
#[must_use]
pub fn explain(
    graph: &AccessGraph,
    policy: Option<&ResourcePolicy>,
    question: &Question,
    decision: &AccessDecision,
) -> AccessExplanation {
    let mut told = AccessExplanation {
        reason: decision.reason,
        rule: None,
        facts: Vec::new(),
        barred_by: Vec::new(),
        misses: Vec::new(),
    };
    let Some(policy) = policy else { return told };
    let facts = Facts { facts: decision.facts.clone(), ..Facts::default() };
    let request = evaluated(question, &facts);
    match decision.reason {
        Reason::PolicyPermits | Reason::PolicyDenies | Reason::PolicyFailed => {
            if let Some((fired, used)) = fired(policy, &request, question.at, decision.reason) {
                told.rule = Some(fired);
                let action = &question.action;
                // What opened the gate carries a Permit as much as what the rule was decided by.
                let is_open = gate::is_required(graph, &question.resource)
                    && decision.reason == Reason::PolicyPermits;
                let counts = |fact: &Fact| {
                    is_used(fact, action, &used) || (is_open && gate::opens(fact, action))
                };
                told.facts = facts.facts.into_iter().filter(counts).collect();
            }
        }
        Reason::RightPermits => {
            let evaluator = Evaluator::new(question.at.to_datetime().fixed_offset());
            let evaluate = |request: &Request| policy.evaluate(&evaluator, request);
            let is_gated = gate::is_required(graph, &question.resource);
            let counts = |fact: &Fact| {
                gives_right(fact, question, evaluate)
                    || (is_gated && gate::opens(fact, &question.action))
            };
            told.facts = facts.facts.into_iter().filter(counts).collect();
        }
        Reason::NothingPermits => told.misses = misses(policy, question, &request),
        Reason::PartyDeleted => {
            let parties = concerned(graph, question.subject, question.party);
            let nodes = parties.into_iter().filter_map(|party| graph.party(party));
            let deleted = nodes.filter(|node| node.facts.is_deleted);
            told.barred_by = deleted.map(|node| node.provenance(node.since)).collect();
        }
        Reason::RegistryRightMissing => {
            told.barred_by = gate::provenance(graph, &question.resource).into_iter().collect();
            told.misses = vec![NearestMiss::RegistryRight { resource: question.resource.clone() }];
        }
        Reason::SubjectPaused => told.barred_by = paused(graph, question.subject),
        // There is nothing in the ledger to point at.
        Reason::SubjectUnknown | Reason::NoPolicy => {}
    }
    told
}

fn paused(graph: &AccessGraph, subject: Option<Subject>) -> Vec<Provenance> {
    match subject {
        Some(Subject::SystemUser(user)) => {
            graph.system_user(user).map(fullmakt_projections::graph::SystemUserNode::provenance)
        }
        Some(Subject::Party(_)) | None => None,
    }
    .into_iter()
    .collect()
}

/// The first rule that decided as the policy did, and the values of the subject that it and what it
/// is in were decided by.
fn fired(
    policy: &ResourcePolicy,
    request: &Request,
    at: Timestamp,
    reason: Reason,
) -> Option<(FiredRule, Vec<(String, Value)>)> {
    let evaluator = Evaluator::new(at.to_datetime().fixed_offset());
    let (_, explanation) = evaluator.explain(policy.tree(), request);
    let mut around = Vec::new();
    let root = explanation.root?;
    let fired = find(&root, reason, &mut around)?;
    let used = around.iter().flat_map(|part| used(part)).collect();
    Some((fired, used))
}

/// Finds the rule, and leaves in `around` the rule and all that it is in.
fn find<'a>(
    part: &'a Explained,
    reason: Reason,
    around: &mut Vec<&'a Explained>,
) -> Option<FiredRule> {
    around.push(part);
    for child in &part.children {
        match child.kind {
            ExplainedKind::Rule if is_of(child.decision, reason) => {
                around.push(child);
                return Some(FiredRule { policy: part.id.clone(), rule: child.id.clone() });
            }
            ExplainedKind::Rule => {}
            ExplainedKind::Policy | ExplainedKind::PolicySet => {
                if let Some(found) = find(child, reason, around) {
                    return Some(found);
                }
            }
        }
    }
    around.pop();
    None
}

fn is_of(decision: ExtendedDecision, reason: Reason) -> bool {
    match decision {
        ExtendedDecision::Permit => reason == Reason::PolicyPermits,
        ExtendedDecision::Deny => reason == Reason::PolicyDenies,
        ExtendedDecision::IndeterminateD
        | ExtendedDecision::IndeterminateP
        | ExtendedDecision::IndeterminateDP => reason == Reason::PolicyFailed,
        ExtendedDecision::NotApplicable => false,
    }
}

/// The subject's attributes that a part was decided by.
fn used(part: &Explained) -> Vec<(String, Value)> {
    let matched = part.matches.iter().filter(|matched| matched.sought.category == ACCESS_SUBJECT);
    let matched = matched.filter_map(|matched| Some((&matched.sought.name, matched.by.clone()?)));
    // What conditions looked up.
    let looked_up = part.lookups.iter().filter(|lookup| {
        lookup.sought.category == ACCESS_SUBJECT
            && !part.matches.iter().any(|matched| matched.sought == lookup.sought)
    });
    let looked_up = looked_up
        .flat_map(|lookup| lookup.values.iter().map(|value| (&lookup.sought.name, value.clone())));
    matched.chain(looked_up).map(|(name, value)| (name.clone(), value)).collect()
}

fn is_used(fact: &Fact, action: &str, used: &[(String, Value)]) -> bool {
    let mut is_used = false;
    fact.kind.for_each_attribute(action, |id, value| {
        is_used |= used.iter().any(|(name, seen)| name == id && seen.text() == Some(value));
    });
    is_used
}

/// What would have given access: the rules about the action whose fewest comparisons fail, and a
/// single right for whoever can be given one.
fn misses(policy: &ResourcePolicy, question: &Question, request: &Request) -> Vec<NearestMiss> {
    let mut found: Vec<(String, Vec<Miss>, bool)> = Vec::new();
    for right in policy.tree().rights().unwrap_or_default() {
        if !is_about(&right, &question.action) {
            continue;
        }
        for subjects in &right.subjects {
            let all = right.resource.iter().chain(subjects);
            let missing: Vec<Miss> =
                all.filter(|matched| !holds(matched, request)).map(miss).collect();
            let miss = (right.rule_id.clone(), missing, right.conditional);
            if !found.contains(&miss) {
                found.push(miss);
            }
        }
    }
    found.sort_by_key(|(_, missing, _)| missing.len());
    let rules = found
        .into_iter()
        .take(MISSES_MAX)
        .map(|(rule, missing, is_conditional)| NearestMiss::Rule { rule, missing, is_conditional });
    let single = match (question.subject, question.party) {
        (Some(_), Some(_)) if policy.has_action(&question.action) => {
            let (resource, action) = (question.resource.clone(), question.action.clone());
            Some(NearestMiss::SingleRight { resource, action })
        }
        (Some(_) | None, Some(_) | None) => None,
    };
    rules.chain(single).collect()
}

fn is_about(right: &Right, action: &str) -> bool {
    let names = |matched: &AttributeMatch| {
        matched.id != ACTION_ID || matched.value.to_string().eq_ignore_ascii_case(action)
    };
    right.action.iter().all(names)
}

/// Whether the request has the attribute with the value. Comparisons other than equality are taken
/// not to hold, since the rule as a whole did not.
fn holds(matched: &AttributeMatch, request: &Request) -> bool {
    let wanted = matched.value.to_string();
    let ignores_case = matched.function == Function::EqualityIgnoringCase;
    request
        .values(&matched.category, &matched.id)
        .map(Value::to_string)
        .any(|value| value == wanted || (ignores_case && value.eq_ignore_ascii_case(&wanted)))
}

fn miss(matched: &AttributeMatch) -> Miss {
    Miss {
        category: matched.category.clone(),
        attribute: matched.id.clone(),
        value: matched.value.to_string(),
    }
}
