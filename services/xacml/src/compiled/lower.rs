//! From policies as they are written to policies as they are evaluated.

use std::collections::HashMap;
use std::ptr;

use super::comparison::Comparison;
use super::condition::Condition;
use super::index::Index;
use super::names::Names;
use super::program::{Child, Indispensable, Members, Node, Program, Rule, Target};
use super::requirement::{Requirements, of_any, of_target};
use crate::ids;
use crate::limits::MAX_DEPTH;
use crate::model::{self, AllOf, CombiningAlgorithm, Match, Mode, Policy, PolicySet, PolicyTree};
use crate::response::PolicyIdentifier;
use crate::store::PolicyStore;

/// The program of a policy; none where policies refer to themselves, may do so, or are nested too
/// deeply.
pub(super) fn program(tree: &PolicyTree, policies: &PolicyStore) -> Option<Program> {
    let mut lowering = Lowering {
        policies,
        names: Names::default(),
        nodes: Vec::new(),
        done: HashMap::new(),
        identifiers: HashMap::new(),
    };
    let root = lowering.tree(tree, 1)?;
    Some(Program { names: lowering.names, nodes: lowering.nodes, root: root.node })
}

struct Lowering<'a> {
    policies: &'a PolicyStore,
    names: Names,
    nodes: Vec<Node>,
    /// What was lowered already; none while it is being lowered.
    done: HashMap<*const PolicyTree, Option<Lowered>>,
    /// The one tree with an identifier and version.
    identifiers: HashMap<PolicyIdentifier, *const PolicyTree>,
}

/// A policy or policy set that was lowered.
#[derive(Clone)]
struct Lowered {
    node: usize,
    /// How deep policies are nested from here on.
    depth: usize,
    /// What its own target requires.
    to_match: Requirements,
    /// What it requires to be anything else than `NotApplicable`.
    to_apply: Requirements,
}

impl<'a> Lowering<'a> {
    fn tree(&mut self, tree: &'a PolicyTree, level: usize) -> Option<Lowered> {
        let identifier = PolicyIdentifier {
            kind: tree.kind(),
            id: tree.id().to_owned(),
            version: tree.version().to_string(),
        };
        // Two policies of one name: which of them is open decides whether a reference is circular.
        let known = *self.identifiers.entry(identifier.clone()).or_insert(ptr::from_ref(tree));
        if level > MAX_DEPTH || !ptr::eq(known, tree) {
            return None;
        }
        if let Some(done) = self.done.get(&ptr::from_ref(tree)) {
            let lowered = done.clone()?;
            return (level - 1 + lowered.depth <= MAX_DEPTH).then_some(lowered);
        }
        self.done.insert(ptr::from_ref(tree), None);
        let lowered = match tree {
            PolicyTree::Policy(policy) => self.policy(identifier, policy),
            PolicyTree::PolicySet(set) => self.set(identifier, set, level)?,
        };
        self.done.insert(ptr::from_ref(tree), Some(lowered.clone()));
        Some(lowered)
    }

    fn policy(&mut self, identifier: PolicyIdentifier, policy: &Policy) -> Lowered {
        let rules: Vec<_> = policy.rules.iter().map(|rule| self.rule(policy.mode, rule)).collect();
        let requirements: Vec<_> = rules.iter().map(|rule| of_target(&rule.target)).collect();
        let indispensable = match policy.mode {
            Mode::Strict => Indispensable::default(),
            Mode::Altinn => self.indispensable(policy),
        };
        let lacks_nothing = indispensable.targets.is_empty();
        let members = Members::Rules { rules, indispensable };
        let target = self.own_target(policy.mode, &policy.target);
        let node = Node {
            identifier,
            target,
            algorithm: policy.algorithm,
            variables: policy.variables.clone(),
            members,
            index: self.index(policy.algorithm, &requirements),
            notices: policy.notices.clone(),
        };
        let from_members = if lacks_nothing { requirements } else { Vec::new() };
        self.finish(node, from_members, 1)
    }

    fn set(
        &mut self,
        identifier: PolicyIdentifier,
        set: &'a PolicySet,
        level: usize,
    ) -> Option<Lowered> {
        let (mut children, mut requirements, mut depth) = (Vec::new(), Vec::new(), 1);
        let is_by_target = set.algorithm == CombiningAlgorithm::OnlyOneApplicable;
        for child in &set.children {
            let found = match child {
                model::Child::Tree(tree) => Some(tree),
                model::Child::Reference(reference) => self.policies.find(reference),
            };
            match (found, child) {
                (Some(found), _) => {
                    let lowered = self.tree(found, level + 1)?;
                    depth = depth.max(1 + lowered.depth);
                    children.push(Child::Node(lowered.node));
                    let wanted = if is_by_target { lowered.to_match } else { lowered.to_apply };
                    requirements.push(wanted);
                }
                (None, model::Child::Reference(reference)) => {
                    children.push(Child::Unknown(reference.id.clone()));
                    requirements.push(Requirements::new());
                }
                (None, model::Child::Tree(_)) => {}
            }
        }
        let node = Node {
            identifier,
            target: self.own_target(set.mode, &set.target),
            algorithm: set.algorithm,
            variables: Vec::new(),
            members: Members::Children(children),
            index: self.index(set.algorithm, &requirements),
            notices: set.notices.clone(),
        };
        Some(self.finish(node, requirements, depth))
    }

    /// Keeps a node. It requires what its target does, and what all its members do, if nothing
    /// comes of members of which none applies.
    fn finish(&mut self, node: Node, members: Vec<Requirements>, depth: usize) -> Lowered {
        let to_match = of_target(&node.target);
        let mut to_apply = if comes_of_nothing(node.algorithm) {
            Requirements::new()
        } else {
            of_any(members.into_iter())
        };
        to_apply.extend(to_match.clone());
        self.nodes.push(node);
        Lowered { node: self.nodes.len() - 1, depth, to_match, to_apply }
    }

    fn index(&self, algorithm: CombiningAlgorithm, members: &[Requirements]) -> Option<Index> {
        // Its members are told apart by their places.
        let is_by_place = algorithm == CombiningAlgorithm::OnPermitApplySecond;
        if is_by_place { None } else { Index::of(members, &self.names) }
    }

    fn rule(&mut self, mode: Mode, rule: &model::Rule) -> Rule {
        let target = match (&rule.target, mode) {
            (None, _) => Target::default(),
            (Some(target), Mode::Strict) => self.target(target),
            (Some(target), Mode::Altinn) => self.by_category(target),
        };
        let condition = rule.condition.as_ref();
        Rule {
            effect: rule.effect,
            target,
            condition: condition.map(|condition| Condition::lower(condition, &mut self.names)),
            notices: rule.notices.clone(),
        }
    }

    /// The target of a policy, which Altinn's engine does not look at.
    fn own_target(&mut self, mode: Mode, target: &model::Target) -> Target {
        match mode {
            Mode::Strict => self.target(target),
            Mode::Altinn => Target::default(),
        }
    }

    fn target(&mut self, target: &model::Target) -> Target {
        let mut all_of = |all_of: &AllOf| self.comparisons(all_of.matches.iter());
        let parts = target.any_of.iter();
        Target { parts: parts.map(|part| part.all_of.iter().map(&mut all_of).collect()).collect() }
    }

    /// A target as Altinn's engine reads it: one part a category, whose alternatives are all those
    /// of the target that speak of it, as far as they do.
    fn by_category(&mut self, target: &model::Target) -> Target {
        let mut categories: Vec<&str> = Vec::new();
        for matched in target.matches() {
            if !categories.contains(&matched.lookup.category()) {
                categories.push(matched.lookup.category());
            }
        }
        let mut part = |category: &&str| {
            let about = |matched: &&Match| matched.lookup.category() == *category;
            let alternatives = target.any_of.iter().flat_map(|part| &part.all_of);
            alternatives
                .filter(|all_of| all_of.matches.iter().any(|matched| about(&matched)))
                .map(|all_of| self.comparisons(all_of.matches.iter().filter(about)))
                .collect()
        };
        Target { parts: categories.iter().map(&mut part).collect() }
    }

    fn comparisons<'m>(&mut self, matches: impl Iterator<Item = &'m Match>) -> Vec<Comparison> {
        matches.map(|matched| Comparison::lower(matched, &mut self.names)).collect()
    }

    fn indispensable(&mut self, policy: &Policy) -> Indispensable {
        let mut indispensable = Indispensable::default();
        for target in policy.rules.iter().filter_map(|rule| rule.target.as_ref()) {
            let mut is_asked = false;
            for lookup in target.matches().map(|matched| &matched.lookup) {
                let about = [ids::RESOURCE, ids::ACTION].contains(&lookup.category());
                if lookup.must_be_present() && about {
                    is_asked = true;
                    match lookup.designator() {
                        Some(designator) => {
                            indispensable.attributes.push(self.names.attribute(designator));
                        }
                        None => indispensable.has_content = true,
                    }
                }
            }
            if is_asked {
                indispensable.targets.push(target.clone());
            }
        }
        indispensable
    }
}

/// Whether an algorithm makes something of members of which none applies, or looks at something
/// else than what they decide.
const fn comes_of_nothing(algorithm: CombiningAlgorithm) -> bool {
    matches!(
        algorithm,
        CombiningAlgorithm::DenyUnlessPermit
            | CombiningAlgorithm::PermitUnlessDeny
            | CombiningAlgorithm::OnlyOneApplicable
    )
}
