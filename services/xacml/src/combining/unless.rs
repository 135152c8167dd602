//! `deny-unless-permit` (C.6) and `permit-unless-deny` (C.7): never Indeterminate, never
//! `NotApplicable`.

use super::outcome::{Outcome, Tally};
use crate::response::ExtendedDecision::{Deny, Permit};

pub(super) fn deny_unless_permit(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let mut tally = Tally::default();
    for outcome in outcomes {
        tally.add(outcome);
        if tally.saw(Permit) {
            return tally.result(Permit);
        }
    }
    tally.result(Deny)
}

pub(super) fn permit_unless_deny(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let mut tally = Tally::default();
    for outcome in outcomes {
        tally.add(outcome);
        if tally.saw(Deny) {
            return tally.result(Deny);
        }
    }
    tally.result(Permit)
}
