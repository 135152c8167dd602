//! The reference evaluator: it reads like the standard (section 7), not like a machine.
//!
//! It is a function of the policy, the request, the attribute source, the other policies and the
//! time it is given. It never panics and always ends: its steps are counted.

mod content;
mod context;
pub(crate) mod cost;
mod error;
mod expression;
mod notice;
mod policy;
mod record;
mod rule;
mod target;

use chrono::{DateTime, FixedOffset};

pub(crate) use self::context::{Context, Scope};
pub use self::error::EvaluationError;
pub(crate) use self::policy::{of_the_only, with_target};
pub(crate) use self::rule::could_have_been;
pub(crate) use self::target::{holds, missing_for_any};
use crate::combining::Outcome;
use crate::explanation::Explanation;
use crate::limits::MAX_STEPS;
use crate::model::{NoticeKind, PolicyTree};
use crate::request::Request;
use crate::response::{Decision, Evaluation, Status};
use crate::source::{AttributeSource, Hierarchy, NoHierarchy};
use crate::store::PolicyStore;

/// What evaluations are made with, besides policy and request.
#[derive(Clone, Copy)]
pub struct Evaluator<'a> {
    now: DateTime<FixedOffset>,
    source: Option<&'a dyn AttributeSource>,
    policies: Option<&'a PolicyStore>,
    pub(crate) hierarchy: &'a dyn Hierarchy,
    steps: u64,
}

impl<'a> Evaluator<'a> {
    /// Evaluations as of a time, in whose time zone `current-time` and `current-date` are given to
    /// policies.
    #[must_use]
    pub const fn new(now: DateTime<FixedOffset>) -> Self {
        Self { now, source: None, policies: None, hierarchy: &NoHierarchy, steps: MAX_STEPS }
    }

    /// With attributes from outside of the request.
    #[must_use]
    pub const fn with_source(self, source: &'a dyn AttributeSource) -> Self {
        Self { source: Some(source), ..self }
    }

    /// With policies that references may point at.
    #[must_use]
    pub const fn with_policies(self, policies: &'a PolicyStore) -> Self {
        Self { policies: Some(policies), ..self }
    }

    /// With a hierarchy of resources that requests may ask for at once.
    #[must_use]
    pub const fn with_hierarchy(self, hierarchy: &'a dyn Hierarchy) -> Self {
        Self { hierarchy, ..self }
    }

    /// With another limit of steps per evaluation.
    #[must_use]
    pub const fn with_steps(self, steps: u64) -> Self {
        Self { steps, ..self }
    }

    /// Evaluates a policy for a request.
    #[must_use]
    pub fn evaluate(&self, policy: &PolicyTree, request: &Request) -> Evaluation {
        evaluate_in(&Context::new(self, request), policy)
    }

    /// Evaluates a policy for a request and tells why the decision is what it is.
    #[must_use]
    pub fn explain(&self, policy: &PolicyTree, request: &Request) -> (Evaluation, Explanation) {
        let context = Context::explained(self, request);
        let evaluation = evaluate_in(&context, policy);
        (evaluation, context.into_explanation())
    }
}

fn evaluate_in<'c>(context: &Context<'c>, policy: &'c PolicyTree) -> Evaluation {
    evaluation_of(policy::tree(context, policy))
}

/// The evaluation that ends with an outcome.
pub(crate) fn evaluation_of(outcome: Outcome) -> Evaluation {
    let decision = outcome.decision.decision();
    let status = match decision {
        Decision::Indeterminate => error::status(&outcome.errors),
        Decision::Permit | Decision::Deny | Decision::NotApplicable => Status::ok(),
    };
    let (mut obligations, mut advice) = (Vec::new(), Vec::new());
    for (kind, notice) in outcome.notices {
        match kind {
            NoticeKind::Obligation => obligations.push(notice),
            NoticeKind::Advice => advice.push(notice),
        }
    }
    Evaluation {
        decision,
        extended: outcome.decision,
        status,
        obligations,
        advice,
        policies: outcome.policies,
    }
}

impl std::fmt::Debug for Evaluator<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evaluator").field("now", &self.now).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
