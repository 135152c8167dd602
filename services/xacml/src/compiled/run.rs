//! One evaluation of a program.

use super::comparison::{Comparison, Values};
use super::index::Candidates;
use super::names::{Attribute, Held};
use super::program::{Child, Indispensable, Members, Node, Program, Rule, Target};
use crate::combining::{Outcome, combine};
use crate::evaluate::{
    Context, EvaluationError, Evaluator, Scope, could_have_been, evaluation_of, missing_for_any,
    of_the_only, with_target,
};
use crate::functions::logical::{all, any};
use crate::ids;
use crate::model::CombiningAlgorithm;
use crate::request::Request;
use crate::response::{Evaluation, ExtendedDecision, MissingAttribute};

/// One evaluation of a program.
pub(super) struct Run<'a> {
    program: &'a Program,
    held: &'a Held<'a>,
    pub(super) context: Context<'a>,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        program: &'a Program,
        evaluator: &'a Evaluator<'a>,
        request: &'a Request,
        held: &'a Held<'a>,
    ) -> Self {
        Self { program, held, context: Context::new(evaluator, request) }
    }

    pub(super) fn evaluate(&self) -> Evaluation {
        match self.program.nodes.get(self.program.root) {
            Some(root) => evaluation_of(self.node(root)),
            None => evaluation_of(Outcome::plain(ExtendedDecision::NotApplicable)),
        }
    }

    /// The values of an attribute (sections 7.3.4 to 7.3.6).
    pub(super) fn values(&self, attribute: &Attribute) -> Result<Values<'_>, EvaluationError> {
        let held = self.held.values(attribute.slot);
        self.context.steps(u64::try_from(held.len()).unwrap_or(u64::MAX).saturating_add(1))?;
        if !held.is_empty() {
            return Ok(Values::Held(held));
        }
        let wanted = &attribute.designator;
        if self.context.has_source() || wanted.category == ids::ENVIRONMENT {
            return Ok(Values::Supplied(self.context.values(wanted)?));
        }
        if wanted.must_be_present {
            return Err(EvaluationError::MissingAttribute(MissingAttribute::of(wanted)));
        }
        Ok(Values::Held(held))
    }

    fn child(&self, child: &Child) -> Outcome {
        match child {
            Child::Node(node) => match self.program.nodes.get(*node) {
                Some(node) => self.node(node),
                None => Outcome::plain(ExtendedDecision::NotApplicable),
            },
            Child::Unknown(id) => Outcome::failed(
                ExtendedDecision::IndeterminateDP,
                EvaluationError::UnknownPolicy(id.clone()),
            ),
        }
    }

    fn node(&self, node: &'a Node) -> Outcome {
        if let Err(error) = self.context.step() {
            return self.of_node(node, Outcome::failed(ExtendedDecision::IndeterminateDP, error));
        }
        let scope = Scope::new(&self.context, &node.variables);
        let combined = || match &node.members {
            Members::Rules { rules, indispensable } => {
                self.rules(&scope, node, rules, indispensable)
            }
            Members::Children(children) => self.children(node, children),
        };
        let outcome = with_target(&scope, self.matches(&node.target), combined, &node.notices);
        self.of_node(node, outcome)
    }

    /// An outcome as that of a policy, which it names.
    fn of_node(&self, node: &Node, mut outcome: Outcome) -> Outcome {
        if outcome.decision == ExtendedDecision::NotApplicable {
            outcome.policies.clear();
        } else if self.context.wants_policies() {
            outcome.policies.insert(0, node.identifier.clone());
        }
        outcome
    }

    fn rules(
        &self,
        scope: &Scope<'_, '_>,
        node: &Node,
        rules: &[Rule],
        indispensable: &Indispensable,
    ) -> Outcome {
        if self.lacks(indispensable)
            && let Some(error) = missing_for_any(&self.context, indispensable.targets.iter())
        {
            return Outcome::failed(ExtendedDecision::IndeterminateDP, error);
        }
        self.combine(node, rules, &|rule| self.rule(scope, rule))
    }

    /// Whether a request may lack what a policy cannot do without.
    fn lacks(&self, indispensable: &Indispensable) -> bool {
        indispensable.has_content
            || indispensable
                .attributes
                .iter()
                .any(|attribute| self.held.values(attribute.slot).is_empty())
    }

    fn children(&self, node: &Node, children: &[Child]) -> Outcome {
        if node.algorithm == CombiningAlgorithm::OnlyOneApplicable {
            return self.only_one_applicable(node, children);
        }
        self.combine(node, children, &|child| self.child(child))
    }

    /// Combines the members that can apply, in their order.
    fn combine<M>(&self, node: &Node, members: &[M], evaluate: &dyn Fn(&M) -> Outcome) -> Outcome {
        let at = |at: Option<&M>| match at {
            Some(member) => evaluate(member),
            None => Outcome::plain(ExtendedDecision::NotApplicable),
        };
        match node.index.as_ref().map(|index| index.candidates(self)) {
            None | Some(Candidates::All) => {
                combine(node.algorithm, members.len(), &|place| at(members.get(place)))
            }
            // All algorithms with an index take one member after the other.
            Some(Candidates::Some(some)) => combine(node.algorithm, some.len(), &|_| {
                at(some.next().and_then(|place| members.get(place)))
            }),
        }
    }

    /// `only-one-applicable` (C.9): the one child whose target matches decides; several are an
    /// error.
    fn only_one_applicable(&self, node: &Node, children: &[Child]) -> Outcome {
        let failed = |error| Outcome::failed(ExtendedDecision::IndeterminateDP, error);
        let candidates = node.index.as_ref().map(|index| index.candidates(self));
        let mut places = 0..children.len();
        let mut next = || match &candidates {
            None | Some(Candidates::All) => places.next(),
            Some(Candidates::Some(some)) => some.next(),
        };
        let mut chosen = None;
        while let Some(child) = next().and_then(|place| children.get(place)) {
            let target = match child {
                Child::Node(found) => self.program.nodes.get(*found).map(|found| &found.target),
                Child::Unknown(id) => return failed(EvaluationError::UnknownPolicy(id.clone())),
            };
            match target.map_or(Ok(false), |target| self.matches(target)) {
                Ok(false) => {}
                Ok(true) if chosen.is_some() => return failed(EvaluationError::SeveralApplicable),
                Ok(true) => chosen = Some(child),
                Err(error) => return failed(error),
            }
        }
        match chosen {
            Some(child) => of_the_only(self.child(child)),
            None => Outcome::plain(ExtendedDecision::NotApplicable),
        }
    }

    fn rule(&self, scope: &Scope<'_, '_>, rule: &Rule) -> Outcome {
        let applies = self.context.step().and_then(|()| self.matches(&rule.target));
        let holds = match (applies, &rule.condition) {
            (Ok(true), Some(condition)) => condition.holds(self, scope),
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

    fn matches(&self, target: &Target) -> Result<bool, EvaluationError> {
        let holds = |comparison: &Comparison| comparison.holds(self);
        all(target
            .parts
            .iter()
            .map(|part| any(part.iter().map(|comparisons| all(comparisons.iter().map(holds))))))
    }
}
