//! Rules (section 7.11).

use super::context::Scope;
use super::target;
use crate::combining::Outcome;
use crate::model::{Effect, Mode, Rule};
use crate::response::ExtendedDecision;

/// Evaluates a rule.
pub(super) fn evaluate(scope: &Scope<'_, '_>, mode: Mode, rule: &Rule) -> Outcome {
    let context = scope.context;
    context.record(|record| record.open_rule(rule));
    let outcome = evaluate_open(scope, mode, rule);
    context.record(|record| record.close(outcome.decision, outcome.errors.first()));
    outcome
}

fn evaluate_open(scope: &Scope<'_, '_>, mode: Mode, rule: &Rule) -> Outcome {
    let applies = scope.context.step().and_then(|()| match &rule.target {
        Some(target) => {
            let applies = target::rule_matches(scope.context, mode, target);
            scope.context.record(|record| record.target(&applies));
            applies
        }
        None => Ok(true),
    });
    let holds = match (applies, &rule.condition) {
        (Ok(true), Some(condition)) => {
            let holds = scope.truth(condition);
            scope.context.record(|record| record.condition(&holds));
            holds
        }
        (applies, _) => applies,
    };
    match holds {
        Ok(false) => Outcome::plain(ExtendedDecision::NotApplicable),
        Ok(true) => match scope.notices(&rule.notices, rule.effect) {
            Ok(notices) => Outcome { notices, ..Outcome::plain(rule.effect.into()) },
            Err(error) => Outcome::failed(could_have_been(rule.effect), error),
        },
        Err(error) => Outcome::failed(could_have_been(rule.effect), error),
    }
}

/// The Indeterminate of something that, without the error, could only have had this effect.
pub(crate) const fn could_have_been(effect: Effect) -> ExtendedDecision {
    match effect {
        Effect::Permit => ExtendedDecision::IndeterminateP,
        Effect::Deny => ExtendedDecision::IndeterminateD,
    }
}
