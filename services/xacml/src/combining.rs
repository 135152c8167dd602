//! The combining algorithms (annex C), on decisions as they become known.
//!
//! An algorithm asks for one child after the other and stops when the rest cannot matter, so what
//! is not needed is not evaluated.

mod legacy;
mod on_permit;
mod outcome;
mod overrides;
mod unless;

pub(crate) use self::outcome::Outcome;
use self::outcome::Tally;
use crate::model::CombiningAlgorithm;
use crate::response::ExtendedDecision;

/// Combines the outcomes of so many children. `only-one-applicable` looks at targets before
/// decisions and is not for here; given to it, the evaluator has already chosen.
pub(crate) fn combine(
    algorithm: CombiningAlgorithm,
    children: usize,
    evaluate: &dyn Fn(usize) -> Outcome,
) -> Outcome {
    let outcomes = (0..children).map(evaluate);
    match algorithm {
        CombiningAlgorithm::DenyOverrides => overrides::deny_overrides(outcomes),
        CombiningAlgorithm::PermitOverrides => overrides::permit_overrides(outcomes),
        CombiningAlgorithm::DenyUnlessPermit => unless::deny_unless_permit(outcomes),
        CombiningAlgorithm::PermitUnlessDeny => unless::permit_unless_deny(outcomes),
        CombiningAlgorithm::FirstApplicable | CombiningAlgorithm::OnlyOneApplicable => {
            first_applicable(outcomes)
        }
        CombiningAlgorithm::OnPermitApplySecond => {
            on_permit::on_permit_apply_second(children, evaluate)
        }
        CombiningAlgorithm::LegacyRuleDenyOverrides => legacy::rule_deny_overrides(outcomes),
        CombiningAlgorithm::LegacyRulePermitOverrides => legacy::rule_permit_overrides(outcomes),
        CombiningAlgorithm::LegacyPolicyDenyOverrides => legacy::policy_deny_overrides(outcomes),
        CombiningAlgorithm::LegacyPolicyPermitOverrides => {
            legacy::policy_permit_overrides(outcomes)
        }
    }
}

/// `first-applicable` (C.8): the first decision that is not `NotApplicable`.
fn first_applicable(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let mut tally = Tally::default();
    for outcome in outcomes {
        let decision = outcome.decision;
        tally.add(outcome);
        match decision {
            ExtendedDecision::NotApplicable => {}
            ExtendedDecision::Permit | ExtendedDecision::Deny => return tally.result(decision),
            ExtendedDecision::IndeterminateD
            | ExtendedDecision::IndeterminateP
            | ExtendedDecision::IndeterminateDP => {
                // The algorithm does not keep track of what could have been.
                return tally.result(ExtendedDecision::IndeterminateDP);
            }
        }
    }
    tally.result(ExtendedDecision::NotApplicable)
}

#[cfg(test)]
mod tests;
