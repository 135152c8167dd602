//! The policy of a resource, ready to be evaluated.

use std::collections::BTreeMap;

use fullmakt_xacml::{
    CompiledPolicy, Effect, Evaluation, Evaluator, Notice, PolicyStore, PolicyTree, Request,
    model::{Child, NoticeExpression, NoticeKind, Policy},
};

use crate::Wanted;

/// The policy of a resource, ready to be evaluated.
#[derive(Debug, Clone)]
pub struct ResourcePolicy {
    policy: CompiledPolicy,
    /// The version's name: the SHA-256 of its bytes, hexadecimal.
    pub hash: String,
    wanted: Wanted,
    /// The actions that the policy has a Permit rule for, each with the obligations that go with a
    /// right to it; none where they cannot be told without evaluating the policy.
    actions: BTreeMap<String, Option<Vec<Notice>>>,
}

impl ResourcePolicy {
    /// Makes a parsed policy ready.
    ///
    /// A policy whose rules cannot be told apart into rights has no actions: it is evaluated all
    /// the same, and nothing can be delegated by it.
    #[must_use]
    pub fn new(tree: PolicyTree, hash: String) -> Self {
        let wanted = Wanted::by(&tree);
        let actions = if tree.rights().is_ok() { actions(&tree) } else { BTreeMap::new() };
        let policy = CompiledPolicy::new(tree, PolicyStore::new());
        Self { policy, hash, wanted, actions }
    }

    /// Evaluates the policy for a request.
    pub(crate) fn evaluate(&self, evaluator: &Evaluator<'_>, request: &Request) -> Evaluation {
        self.policy.evaluate(evaluator, request)
    }

    /// The policy as it is written.
    #[must_use]
    pub fn tree(&self) -> &PolicyTree {
        self.policy.tree()
    }

    /// The kinds of facts that the policy can use.
    #[must_use]
    pub const fn wanted(&self) -> Wanted {
        self.wanted
    }

    /// The actions that the policy has a rule for, in alphabetical order.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        self.actions.keys().map(String::as_str)
    }

    /// Whether the policy has a rule for the action.
    #[must_use]
    pub fn has_action(&self, action: &str) -> bool {
        self.actions.keys().any(|own| own.eq_ignore_ascii_case(action))
    }

    /// The obligations that go with a right to this action: all that Permit of the policy, or of a
    /// rule for the action, would bring.
    ///
    /// None where the policy has no rule for the action, and where an obligation has values that
    /// only an evaluation knows: then a right to it cannot be exercised.
    pub(crate) fn obligations_of(&self, action: &str) -> Option<Vec<Notice>> {
        let mut found: Vec<Notice> = Vec::new();
        let fits = |own: &&String| own.eq_ignore_ascii_case(action);
        let mut own = self.actions.iter().filter(|(name, _)| fits(name)).peekable();
        own.peek()?;
        for (_, obligations) in own {
            for obligation in obligations.as_ref()? {
                if !found.contains(obligation) {
                    found.push(obligation.clone());
                }
            }
        }
        Some(found)
    }

    /// The obligations of the policy as a whole on Permit.
    #[must_use]
    pub fn obligations(&self) -> Vec<Notice> {
        self.tree().literal_obligations(Effect::Permit)
    }
}

/// The actions that Permit rules are about, with what goes with each.
fn actions(tree: &PolicyTree) -> BTreeMap<String, Option<Vec<Notice>>> {
    let mut around = Vec::new();
    of_policies(tree, &mut around);
    let mut notices: BTreeMap<String, Vec<&NoticeExpression>> = BTreeMap::new();
    for policy in tree.policies() {
        for (action, rule_id) in actions_of(policy) {
            let own = notices.entry(action).or_insert_with(|| around.clone());
            let rules = policy.rules.iter().filter(|rule| rule.id == rule_id);
            own.extend(rules.flat_map(|rule| &rule.notices));
        }
    }
    notices.into_iter().map(|(action, notices)| (action, literal(notices))).collect()
}

/// What the policies and policy sets of the tree themselves bring, whatever the rule.
fn of_policies<'a>(tree: &'a PolicyTree, found: &mut Vec<&'a NoticeExpression>) {
    found.extend(tree.notices());
    match tree {
        PolicyTree::Policy(_) => {}
        PolicyTree::PolicySet(set) => {
            for child in &set.children {
                match child {
                    Child::Tree(tree) => of_policies(tree, found),
                    Child::Reference(_) => {}
                }
            }
        }
    }
}

/// The actions of a policy's Permit rules, each with the rule's id.
fn actions_of(policy: &Policy) -> impl Iterator<Item = (String, String)> {
    policy.rights().unwrap_or_default().into_iter().flat_map(|right| {
        let rule_id = right.rule_id;
        right.action.into_iter().map(move |action| (action.value.to_string(), rule_id.clone()))
    })
}

/// The obligations on Permit, if all their values are literals; each once.
fn literal(notices: Vec<&NoticeExpression>) -> Option<Vec<Notice>> {
    let mut found: Vec<Notice> = Vec::new();
    for notice in notices {
        if notice.kind == NoticeKind::Obligation && notice.applies_to == Effect::Permit {
            let notice = notice.literal()?;
            if !found.contains(&notice) {
                found.push(notice);
            }
        }
    }
    Some(found)
}
