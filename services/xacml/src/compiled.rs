//! The compiled evaluator: the meaning of the reference evaluator, at the cost of what applies.
//!
//! A policy is lowered once: references are followed, names of attributes become numbers, common
//! comparisons need no call, patterns are ready, and an index leads from the values that targets
//! test to the rules and policies that can apply. What is rare is evaluated by the reference
//! evaluator's own code, so that there is one meaning.

mod comparison;
mod condition;
mod index;
mod lower;
mod names;
mod program;
mod requirement;
mod run;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use self::names::Held;
use self::program::Program;
use self::run::Run;
use crate::evaluate::Evaluator;
use crate::explanation::Explanation;
use crate::limits::Limits;
use crate::model::PolicyTree;
use crate::request::{Request, RequestDocument, RequestError};
use crate::response::{DecisionResult, Evaluation, Response};
use crate::store::PolicyStore;

/// A policy or policy set, ready to be evaluated many times.
///
/// It gives the evaluations that [`Evaluator::evaluate`] gives, except that an evaluation may take
/// fewer steps, so that one which the reference evaluator breaks off can come to an end.
#[derive(Clone)]
pub struct CompiledPolicy {
    tree: Arc<PolicyTree>,
    policies: Arc<PolicyStore>,
    /// None where policies refer to themselves or are nested too deeply: only who follows every
    /// reference anew can tell where that is an error.
    program: Option<Arc<Program>>,
}

/// A request, its attributes sorted by what a policy asks for.
pub struct PreparedRequest<'a> {
    policy: &'a CompiledPolicy,
    request: &'a Request,
    held: Held<'a>,
}

impl CompiledPolicy {
    /// Compiles a policy, and what it refers to among the others.
    #[must_use]
    pub fn new(tree: impl Into<Arc<PolicyTree>>, policies: impl Into<Arc<PolicyStore>>) -> Self {
        let (tree, policies) = (tree.into(), policies.into());
        let program = lower::program(&tree, &policies).map(Arc::new);
        Self { tree, policies, program }
    }

    /// The policy as it was loaded.
    #[must_use]
    pub fn tree(&self) -> &PolicyTree {
        &self.tree
    }

    /// Sorts the attributes of a request by what the policy asks for, once for all evaluations.
    #[must_use]
    pub fn prepare<'a>(&'a self, request: &'a Request) -> PreparedRequest<'a> {
        let held = self.program.as_ref().map(|program| program.names.held(request));
        PreparedRequest { policy: self, request, held: held.unwrap_or_default() }
    }

    /// Evaluates the policy for a request. The evaluator's own policies are not looked at.
    #[must_use]
    pub fn evaluate(&self, evaluator: &Evaluator<'_>, request: &Request) -> Evaluation {
        self.prepare(request).evaluate(evaluator)
    }

    /// Evaluates the policy for a request and tells why the decision is what it is.
    ///
    /// An explanation tells of what does not apply too, so nothing is left out here.
    #[must_use]
    pub fn explain(
        &self,
        evaluator: &Evaluator<'_>,
        request: &Request,
    ) -> (Evaluation, Explanation) {
        evaluator.with_policies(&self.policies).explain(&self.tree, request)
    }

    /// Answers every individual request of a document. One that is given away, not borrowed, is not
    /// copied.
    ///
    /// # Errors
    ///
    /// [`RequestError::TooManyDecisions`].
    pub fn respond<'d>(
        &self,
        evaluator: &Evaluator<'_>,
        document: impl Into<Cow<'d, RequestDocument>>,
        limits: &Limits,
    ) -> Result<Response, RequestError> {
        evaluator.answered(document.into(), limits, |request| {
            DecisionResult::new(request, self.evaluate(evaluator, request))
        })
    }

    /// Answers every individual request of a document and tells why, as
    /// [`Evaluator::respond_explained`] does.
    ///
    /// # Errors
    ///
    /// [`RequestError::TooManyDecisions`].
    pub fn respond_explained<'d>(
        &self,
        evaluator: &Evaluator<'_>,
        document: impl Into<Cow<'d, RequestDocument>>,
        limits: &Limits,
    ) -> Result<(Response, Vec<Explanation>), RequestError> {
        evaluator.with_policies(&self.policies).respond_explained(&self.tree, document, limits)
    }
}

impl PreparedRequest<'_> {
    /// Evaluates the policy that the request was prepared for.
    ///
    /// A Permit without obligations takes no memory, if the policy's conditions are of the common
    /// kinds.
    #[must_use]
    pub fn evaluate(&self, evaluator: &Evaluator<'_>) -> Evaluation {
        match &self.policy.program {
            Some(program) => Run::new(program, evaluator, self.request, &self.held).evaluate(),
            None => evaluator
                .with_policies(&self.policy.policies)
                .evaluate(&self.policy.tree, self.request),
        }
    }
}

impl fmt::Debug for CompiledPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompiledPolicy").field("id", &self.tree.id()).finish_non_exhaustive()
    }
}

impl fmt::Debug for PreparedRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let policy = self.policy.tree.id();
        f.debug_struct("PreparedRequest").field("policy", &policy).finish_non_exhaustive()
    }
}
