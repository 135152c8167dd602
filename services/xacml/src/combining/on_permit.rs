//! `on-permit-apply-second` (Additional Combining Algorithms profile 1.0): the first policy is a
//! gate, the second decides behind it, a third decides where it is closed. The loader sees to it
//! that there are two or three.

use super::outcome::{Outcome, Tally};
use crate::response::ExtendedDecision;

pub(super) fn on_permit_apply_second(
    children: usize,
    evaluate: &dyn Fn(usize) -> Outcome,
) -> Outcome {
    let mut tally = Tally::default();
    let gate = evaluate(0);
    let opened = gate.decision;
    tally.add(gate);
    let chosen = match opened {
        ExtendedDecision::Permit => 1,
        ExtendedDecision::Deny
        | ExtendedDecision::NotApplicable
        | ExtendedDecision::IndeterminateD => 2,
        ExtendedDecision::IndeterminateP | ExtendedDecision::IndeterminateDP => {
            return tally.result(opened);
        }
    };
    if chosen >= children {
        return tally.result(ExtendedDecision::NotApplicable);
    }
    let chosen = evaluate(chosen);
    let decision = chosen.decision;
    tally.add(chosen);
    tally.result(decision)
}
