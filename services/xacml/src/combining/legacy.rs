//! The algorithms of versions 1.0 and 1.1 (C.10 to C.17), kept for the policies that still name
//! them. They do not keep track of what an Indeterminate could have been; a rule's Indeterminate
//! tells its effect all the same.

use super::outcome::{Outcome, Tally};
use crate::response::ExtendedDecision::{
    self, Deny, IndeterminateD, IndeterminateDP, IndeterminateP, NotApplicable, Permit,
};

pub(super) fn rule_deny_overrides(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let mut tally = Tally::default();
    for outcome in outcomes {
        tally.add(outcome);
        if tally.saw(Deny) {
            return tally.result(Deny);
        }
    }
    let decision = if tally.saw(IndeterminateD) || tally.saw(IndeterminateDP) {
        IndeterminateDP
    } else if tally.saw(Permit) {
        Permit
    } else {
        error_or_nothing(&tally)
    };
    tally.result(decision)
}

pub(super) fn rule_permit_overrides(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let mut tally = Tally::default();
    for outcome in outcomes {
        tally.add(outcome);
        if tally.saw(Permit) {
            return tally.result(Permit);
        }
    }
    let decision = if tally.saw(IndeterminateP) || tally.saw(IndeterminateDP) {
        IndeterminateDP
    } else if tally.saw(Deny) {
        Deny
    } else {
        error_or_nothing(&tally)
    };
    tally.result(decision)
}

/// An error is a Deny.
pub(super) fn policy_deny_overrides(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let mut tally = Tally::default();
    for outcome in outcomes {
        tally.add(outcome);
        if tally.saw(Deny) || tally.saw_error() {
            return tally.result(Deny);
        }
    }
    let decision = if tally.saw(Permit) { Permit } else { NotApplicable };
    tally.result(decision)
}

/// An error matters only if nothing is decided.
pub(super) fn policy_permit_overrides(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let mut tally = Tally::default();
    for outcome in outcomes {
        tally.add(outcome);
        if tally.saw(Permit) {
            return tally.result(Permit);
        }
    }
    let decision = if tally.saw(Deny) { Deny } else { error_or_nothing(&tally) };
    tally.result(decision)
}

fn error_or_nothing(tally: &Tally) -> ExtendedDecision {
    if tally.saw_error() { IndeterminateDP } else { NotApplicable }
}
