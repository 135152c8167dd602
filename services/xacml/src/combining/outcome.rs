//! The outcome of a rule, policy or policy set, and how outcomes add up.

use crate::evaluate::EvaluationError;
use crate::model::NoticeKind;
use crate::response::{Decision, ExtendedDecision, Notice, PolicyIdentifier};

/// What evaluating a rule, policy or policy set gave.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outcome {
    /// The decision.
    pub(crate) decision: ExtendedDecision,
    /// Obligations and advice, for a Permit or a Deny.
    pub(crate) notices: Vec<(NoticeKind, Notice)>,
    /// The errors met, the first one first; for an Indeterminate, what stood in the way.
    pub(crate) errors: Vec<EvaluationError>,
    /// The policies that applied.
    pub(crate) policies: Vec<PolicyIdentifier>,
}

impl Outcome {
    /// A decision without anything to it.
    pub(crate) const fn plain(decision: ExtendedDecision) -> Self {
        Self { decision, notices: Vec::new(), errors: Vec::new(), policies: Vec::new() }
    }

    /// An Indeterminate with its reason.
    pub(crate) fn failed(decision: ExtendedDecision, error: EvaluationError) -> Self {
        Self { errors: vec![error], ..Self::plain(decision) }
    }
}

/// Outcomes added up.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Which decisions there were.
    seen: [bool; ExtendedDecision::COUNT],
    notices: Vec<(ExtendedDecision, (NoticeKind, Notice))>,
    errors: Vec<EvaluationError>,
    policies: Vec<PolicyIdentifier>,
}

impl Tally {
    /// Adds one outcome.
    pub(super) fn add(&mut self, outcome: Outcome) {
        let decision = outcome.decision;
        if let Some(seen) = self.seen.get_mut(decision.place()) {
            *seen = true;
        }
        if !outcome.notices.is_empty() {
            self.notices.extend(outcome.notices.into_iter().map(|notice| (decision, notice)));
        }
        // What a Permit or a Deny overcame does not stand in the way of anything above it.
        if decision.decision() == Decision::Indeterminate {
            self.errors.extend(outcome.errors);
        }
        if self.policies.is_empty() {
            self.policies = outcome.policies;
        } else {
            self.policies.extend(outcome.policies);
        }
    }

    /// Whether there was such a decision.
    pub(super) fn saw(&self, decision: ExtendedDecision) -> bool {
        self.seen.get(decision.place()) == Some(&true)
    }

    /// Whether there was any Indeterminate.
    pub(super) fn saw_error(&self) -> bool {
        [
            ExtendedDecision::IndeterminateD,
            ExtendedDecision::IndeterminateP,
            ExtendedDecision::IndeterminateDP,
        ]
        .into_iter()
        .any(|error| self.saw(error))
    }

    /// The combined outcome: it carries the notices of the outcomes that decided the same (section
    /// 7.18).
    pub(super) fn result(self, decision: ExtendedDecision) -> Outcome {
        let notices = if self.notices.is_empty() {
            Vec::new()
        } else {
            let deciding = self.notices.into_iter().filter(|(from, _)| *from == decision);
            deciding.map(|(_, notice)| notice).collect()
        };
        Outcome { decision, notices, errors: self.errors, policies: self.policies }
    }
}
