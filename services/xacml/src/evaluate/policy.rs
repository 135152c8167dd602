//! Policies, policy sets and references to them (sections 7.12 to 7.14).

use super::context::{Context, Scope};
use super::rule::{self, could_have_been};
use super::{EvaluationError, target};
use crate::combining::{Outcome, combine};
use crate::model::{
    Child, CombiningAlgorithm, Mode, NoticeExpression, Policy, PolicySet, PolicyTree, Target,
};
use crate::response::{ExtendedDecision, PolicyIdentifier};

/// Evaluates a policy or policy set.
pub(super) fn tree<'a>(context: &Context<'a>, tree: &'a PolicyTree) -> Outcome {
    context.record(|record| record.open_tree(tree));
    let outcome = tree_open(context, tree);
    context.record(|record| record.close(outcome.decision, outcome.errors.first()));
    outcome
}

fn tree_open<'a>(context: &Context<'a>, tree: &'a PolicyTree) -> Outcome {
    let outcome = context.within(tree, || match tree {
        PolicyTree::Policy(policy) => {
            let scope = Scope::new(context, &policy.variables);
            let combined = || rules(&scope, policy);
            with_target(&scope, applicable(context, tree), combined, &policy.notices)
        }
        PolicyTree::PolicySet(set) => {
            let scope = Scope::new(context, &[]);
            let combined = || children(context, set);
            with_target(&scope, applicable(context, tree), combined, &set.notices)
        }
    });
    let mut outcome =
        outcome.unwrap_or_else(|error| Outcome::failed(ExtendedDecision::IndeterminateDP, error));
    if outcome.decision == ExtendedDecision::NotApplicable {
        outcome.policies.clear();
    } else if context.wants_policies() {
        outcome.policies.insert(
            0,
            PolicyIdentifier {
                kind: tree.kind(),
                id: tree.id().to_owned(),
                version: tree.version().to_string(),
            },
        );
    }
    outcome
}

/// Whether a policy's target matches; Altinn's engine does not look at it.
fn applicable(context: &Context<'_>, tree: &PolicyTree) -> Result<bool, EvaluationError> {
    let (mode, wanted): (Mode, &Target) = match tree {
        PolicyTree::Policy(policy) => (policy.mode, &policy.target),
        PolicyTree::PolicySet(set) => (set.mode, &set.target),
    };
    match mode {
        Mode::Strict => {
            let applies = target::matches(context, wanted);
            context.record(|record| record.target(&applies));
            applies
        }
        Mode::Altinn => Ok(true),
    }
}

/// The value of a policy by its target and what its algorithm gives (tables 5 and 7 of the
/// standard).
pub(crate) fn with_target(
    scope: &Scope<'_, '_>,
    applies: Result<bool, EvaluationError>,
    combined: impl FnOnce() -> Outcome,
    notices: &[NoticeExpression],
) -> Outcome {
    match applies {
        Ok(false) => Outcome::plain(ExtendedDecision::NotApplicable),
        Ok(true) => with_notices(scope, combined(), notices),
        Err(error) => {
            let outcome = combined();
            let decision = match outcome.decision {
                ExtendedDecision::Permit => ExtendedDecision::IndeterminateP,
                ExtendedDecision::Deny => ExtendedDecision::IndeterminateD,
                ExtendedDecision::NotApplicable
                | ExtendedDecision::IndeterminateD
                | ExtendedDecision::IndeterminateP
                | ExtendedDecision::IndeterminateDP => outcome.decision,
            };
            let errors = std::iter::once(error).chain(outcome.errors).collect();
            Outcome { decision, notices: Vec::new(), errors, policies: outcome.policies }
        }
    }
}

/// Adds a policy's own obligations and advice to what its children gave.
fn with_notices(
    scope: &Scope<'_, '_>,
    mut outcome: Outcome,
    notices: &[NoticeExpression],
) -> Outcome {
    let Some(effect) = outcome.decision.effect().filter(|_| !notices.is_empty()) else {
        return outcome;
    };
    match scope.notices(notices, effect) {
        Ok(own) => {
            outcome.notices.extend(own);
            outcome
        }
        Err(error) => Outcome {
            policies: outcome.policies,
            ..Outcome::failed(could_have_been(effect), error)
        },
    }
}

fn rules(scope: &Scope<'_, '_>, policy: &Policy) -> Outcome {
    if policy.mode == Mode::Altinn {
        let targets = policy.rules.iter().filter_map(|rule| rule.target.as_ref());
        if let Some(error) = target::missing_for_any(scope.context, targets) {
            return Outcome::failed(ExtendedDecision::IndeterminateDP, error);
        }
    }
    combine(policy.algorithm, policy.rules.len(), &|at| match policy.rules.get(at) {
        Some(rule) => rule::evaluate(scope, policy.mode, rule),
        None => Outcome::plain(ExtendedDecision::NotApplicable),
    })
}

fn children<'a>(context: &Context<'a>, set: &'a PolicySet) -> Outcome {
    if set.algorithm == CombiningAlgorithm::OnlyOneApplicable {
        return only_one_applicable(context, set);
    }
    combine(set.algorithm, set.children.len(), &|at| match set.children.get(at) {
        Some(child) => match resolved(context, child) {
            Ok(found) => tree(context, found),
            Err(error) => Outcome::failed(ExtendedDecision::IndeterminateDP, error),
        },
        None => Outcome::plain(ExtendedDecision::NotApplicable),
    })
}

/// `only-one-applicable` (C.9): the one child whose target matches decides; several are an error.
fn only_one_applicable<'a>(context: &Context<'a>, set: &'a PolicySet) -> Outcome {
    let failed = |error| Outcome::failed(ExtendedDecision::IndeterminateDP, error);
    let mut chosen = None;
    for child in &set.children {
        let found = match resolved(context, child) {
            Ok(found) => found,
            Err(error) => return failed(error),
        };
        context.record(|record| record.open_tree(found));
        let applies = applicable(context, found);
        context.record(|record| match &applies {
            Ok(true) => record.discard(),
            Ok(false) => record.close(ExtendedDecision::NotApplicable, None),
            Err(error) => record.close(ExtendedDecision::IndeterminateDP, Some(error)),
        });
        match applies {
            Ok(false) => {}
            Ok(true) if chosen.is_some() => return failed(EvaluationError::SeveralApplicable),
            Ok(true) => chosen = Some(found),
            Err(error) => return failed(error),
        }
    }
    let Some(found) = chosen else { return Outcome::plain(ExtendedDecision::NotApplicable) };
    of_the_only(tree(context, found))
}

/// What the only applicable child decides, as `only-one-applicable` decides it.
pub(crate) fn of_the_only(outcome: Outcome) -> Outcome {
    let decision = match outcome.decision {
        ExtendedDecision::Permit | ExtendedDecision::Deny | ExtendedDecision::NotApplicable => {
            outcome.decision
        }
        // The algorithm does not keep track of what could have been (annex C.1).
        ExtendedDecision::IndeterminateD
        | ExtendedDecision::IndeterminateP
        | ExtendedDecision::IndeterminateDP => ExtendedDecision::IndeterminateDP,
    };
    Outcome { decision, ..outcome }
}

fn resolved<'a>(
    context: &Context<'a>,
    child: &'a Child,
) -> Result<&'a PolicyTree, EvaluationError> {
    match child {
        Child::Tree(tree) => Ok(tree),
        Child::Reference(reference) => context.resolve(reference),
    }
}
