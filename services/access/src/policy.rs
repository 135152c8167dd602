//! The policy of a resource, ready to be evaluated.

use std::collections::BTreeSet;

use fullmakt_xacml::{Assignment, Effect, Notice, PolicyTree, Value};

use crate::Wanted;

/// The policy of a resource, ready to be evaluated.
#[derive(Debug, Clone)]
pub struct ResourcePolicy {
    /// The policy.
    pub tree: PolicyTree,
    /// The version's name: the SHA-256 of its bytes, hexadecimal.
    pub hash: String,
    wanted: Wanted,
    actions: BTreeSet<String>,
}

impl ResourcePolicy {
    /// Makes a parsed policy ready.
    ///
    /// A policy whose rules cannot be told apart into rights has no actions: it is evaluated all
    /// the same, and nothing can be delegated by it.
    #[must_use]
    pub fn new(tree: PolicyTree, hash: String) -> Self {
        let wanted = Wanted::by(&tree);
        let actions = tree
            .rights()
            .unwrap_or_default()
            .into_iter()
            .flat_map(|right| right.action)
            .map(|action| action.value.to_string())
            .collect();
        Self { tree, hash, wanted, actions }
    }

    /// The kinds of facts that the policy can use.
    #[must_use]
    pub const fn wanted(&self) -> Wanted {
        self.wanted
    }

    /// The actions that the policy has a rule for, in alphabetical order.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        self.actions.iter().map(String::as_str)
    }

    /// Whether the policy has a rule for the action.
    #[must_use]
    pub fn has_action(&self, action: &str) -> bool {
        self.actions.iter().any(|own| own.eq_ignore_ascii_case(action))
    }

    /// The obligations of the policy as a whole on Permit.
    #[must_use]
    pub fn obligations(&self) -> Vec<Notice> {
        self.tree.literal_obligations(Effect::Permit)
    }
}

/// The least authentication level that obligations ask for in assignments of this category, if they
/// do.
#[must_use]
pub fn minimum_authentication_level(obligations: &[Notice], category: &str) -> Option<u8> {
    let is_level = |assignment: &&Assignment| assignment.category.as_deref() == Some(category);
    obligations
        .iter()
        .flat_map(|obligation| &obligation.assignments)
        .filter(is_level)
        // A level that is no small number cannot be fulfilled: the highest stands for it.
        .map(|assignment| level(&assignment.value).unwrap_or(u8::MAX))
        .max()
}

fn level(value: &Value) -> Option<u8> {
    value.to_string().parse().ok()
}
