//! `deny-overrides` (C.2) and `permit-overrides` (C.4), and their ordered variants (C.3, C.5):
//! children are always taken in the order they are written.

use super::outcome::{Outcome, Tally};
use crate::response::ExtendedDecision::{
    Deny, IndeterminateD, IndeterminateDP, IndeterminateP, NotApplicable, Permit,
};

pub(super) fn deny_overrides(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let mut tally = Tally::default();
    for outcome in outcomes {
        tally.add(outcome);
        if tally.saw(Deny) {
            return tally.result(Deny);
        }
    }
    let decision = if tally.saw(IndeterminateDP)
        || (tally.saw(IndeterminateD) && (tally.saw(IndeterminateP) || tally.saw(Permit)))
    {
        IndeterminateDP
    } else if tally.saw(IndeterminateD) {
        IndeterminateD
    } else if tally.saw(Permit) {
        Permit
    } else if tally.saw(IndeterminateP) {
        IndeterminateP
    } else {
        NotApplicable
    };
    tally.result(decision)
}

pub(super) fn permit_overrides(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let mut tally = Tally::default();
    for outcome in outcomes {
        tally.add(outcome);
        if tally.saw(Permit) {
            return tally.result(Permit);
        }
    }
    let decision = if tally.saw(IndeterminateDP)
        || (tally.saw(IndeterminateP) && (tally.saw(IndeterminateD) || tally.saw(Deny)))
    {
        IndeterminateDP
    } else if tally.saw(IndeterminateP) {
        IndeterminateP
    } else if tally.saw(Deny) {
        Deny
    } else if tally.saw(IndeterminateD) {
        IndeterminateD
    } else {
        NotApplicable
    };
    tally.result(decision)
}
