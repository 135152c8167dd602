//! Targets (sections 7.6 and 7.7), in both modes of reading them.

use super::EvaluationError;
use super::context::Context;
use crate::functions::logical::{all, any};
use crate::functions::{FunctionError, Operand};
use crate::ids;
use crate::model::{AllOf, Match, Mode, Target};

/// Whether a target matches, as the standard says.
pub(super) fn matches(context: &Context<'_>, target: &Target) -> Result<bool, EvaluationError> {
    all(target.any_of.iter().map(|any_of| {
        any(any_of
            .all_of
            .iter()
            .map(|all_of| all(all_of.matches.iter().map(|m| holds(context, m)))))
    }))
}

/// Whether the target of a rule matches.
pub(super) fn rule_matches(
    context: &Context<'_>,
    mode: Mode,
    target: &Target,
) -> Result<bool, EvaluationError> {
    match mode {
        Mode::Strict => matches(context, target),
        Mode::Altinn => all(categories(target)
            .into_iter()
            .map(|category| category_matches(context, target, category))),
    }
}

/// Altinn's engine gives up on the whole policy when a resource or action attribute is missing that
/// any rule cannot do without.
pub(crate) fn missing_for_any<'a>(
    context: &Context<'_>,
    targets: impl Iterator<Item = &'a Target>,
) -> Option<EvaluationError> {
    let indispensable = |matched: &Match| {
        let category = matched.lookup.category();
        matched.lookup.must_be_present() && (category == ids::RESOURCE || category == ids::ACTION)
    };
    targets
        .filter(|target| target.matches().any(indispensable))
        .flat_map(|target| [ids::RESOURCE, ids::ACTION].map(|category| (target, category)))
        .find_map(|(target, category)| match category_matches(context, target, category) {
            Err(error @ EvaluationError::MissingAttribute(_)) => Some(error),
            Ok(_) | Err(_) => None,
        })
}

/// Whether any alternative in the target that speaks of the category holds, as far as it does; a
/// category the target does not speak of matches.
fn category_matches(
    context: &Context<'_>,
    target: &Target,
    category: &str,
) -> Result<bool, EvaluationError> {
    let speaks = |all_of: &&AllOf| all_of.matches.iter().any(|m| m.lookup.category() == category);
    let mut alternatives =
        target.any_of.iter().flat_map(|any_of| &any_of.all_of).filter(speaks).peekable();
    if alternatives.peek().is_none() {
        return Ok(true);
    }
    any(alternatives.map(|all_of| {
        let about = all_of.matches.iter().filter(|m| m.lookup.category() == category);
        all(about.map(|m| holds(context, m)))
    }))
}

/// The categories a target speaks of, each once.
fn categories(target: &Target) -> Vec<&str> {
    let mut categories: Vec<&str> = Vec::new();
    for matched in target.matches() {
        if !categories.contains(&matched.lookup.category()) {
            categories.push(matched.lookup.category());
        }
    }
    categories
}

/// Whether the comparison holds for any value of the attributes.
pub(crate) fn holds(context: &Context<'_>, matched: &Match) -> Result<bool, EvaluationError> {
    let mut by = None;
    let result = context.looked_up(&matched.lookup).and_then(|values| {
        any(values.into_iter().map(|value| {
            let operands = [Operand::Value(&matched.value), Operand::Value(&value)];
            let result = context.call(matched.function, &operands)?;
            let truth = result.as_truth().ok_or(FunctionError::Mismatch)?;
            if truth {
                by = Some(value);
            }
            Ok(truth)
        }))
    });
    context.record(|record| record.compared(matched, by.as_deref(), &result));
    result
}
