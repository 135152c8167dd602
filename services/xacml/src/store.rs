//! Policies other policies refer to.

use std::collections::HashMap;

use crate::model::{PolicyReference, PolicyTree, ReferenceKind, Version};

/// Policies and policy sets by identifier and version.
#[derive(Debug, Clone, Default)]
pub struct PolicyStore {
    trees: HashMap<(ReferenceKind, String), Vec<PolicyTree>>,
}

impl PolicyStore {
    /// A store without policies.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps a policy or policy set; one with the same identifier and version gives way.
    pub fn insert(&mut self, tree: PolicyTree) {
        let versions = self.trees.entry((tree.kind(), tree.id().to_owned())).or_default();
        versions.retain(|known| known.version() != tree.version());
        versions.push(tree);
    }

    /// The latest version that fits a reference (section 5.10).
    #[must_use]
    pub fn find(&self, reference: &PolicyReference) -> Option<&PolicyTree> {
        self.trees
            .get(&(reference.kind, reference.id.clone()))?
            .iter()
            .filter(|tree| fits(reference, tree.version()))
            .max_by(|left, right| left.version().cmp(right.version()))
    }
}

/// A reference that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceFlaw {
    /// No policy fits it.
    #[error("`{from}` refers to `{to}`, and no policy fits the reference")]
    Unresolved {
        /// The policy with the reference.
        from: String,
        /// What it refers to.
        to: String,
    },
    /// It leads back to where it is.
    #[error("`{from}` refers to `{to}`, which leads back to it")]
    Circular {
        /// The policy with the reference.
        from: String,
        /// What it refers to.
        to: String,
    },
}

impl PolicyStore {
    /// All policies and policy sets, by kind, identifier and version.
    #[must_use]
    pub fn trees(&self) -> Vec<&PolicyTree> {
        let mut trees: Vec<_> = self.trees.values().flatten().collect();
        let is_set = |tree: &PolicyTree| tree.kind() == ReferenceKind::PolicySet;
        trees.sort_by(|left, right| {
            (is_set(left), left.id(), left.version()).cmp(&(
                is_set(right),
                right.id(),
                right.version(),
            ))
        });
        trees
    }

    /// Whether there is a policy or policy set with this identifier and version already.
    #[must_use]
    pub fn has(&self, tree: &PolicyTree) -> bool {
        let known = self.trees.get(&(tree.kind(), tree.id().to_owned()));
        known.is_some_and(|known| known.iter().any(|known| known.version() == tree.version()))
    }

    /// The references that cannot be followed, in the order of [`PolicyStore::trees`]. A policy with
    /// one can be used as long as the reference is not needed.
    #[must_use]
    pub fn reference_flaws(&self) -> Vec<ReferenceFlaw> {
        let mut flaws = Vec::new();
        let mut done = Vec::new();
        for tree in self.trees() {
            self.follow(tree, &mut Vec::new(), &mut done, &mut flaws);
        }
        flaws
    }

    /// Follows all references of a tree, each tree once.
    fn follow<'a>(
        &'a self,
        tree: &'a PolicyTree,
        open: &mut Vec<&'a PolicyTree>,
        done: &mut Vec<&'a PolicyTree>,
        flaws: &mut Vec<ReferenceFlaw>,
    ) {
        if done.iter().any(|done| std::ptr::eq(*done, tree)) {
            return;
        }
        open.push(tree);
        for reference in tree.references() {
            let (from, to) = (tree.id().to_owned(), reference.id.clone());
            match self.find(reference) {
                None => flaws.push(ReferenceFlaw::Unresolved { from, to }),
                Some(found) if open.iter().any(|open| std::ptr::eq(*open, found)) => {
                    flaws.push(ReferenceFlaw::Circular { from, to });
                }
                Some(found) => self.follow(found, open, done, flaws),
            }
        }
        open.pop();
        done.push(tree);
    }
}

fn fits(reference: &PolicyReference, version: &Version) -> bool {
    reference.version.as_ref().is_none_or(|pattern| pattern.matches(version))
        && reference.earliest.as_ref().is_none_or(|pattern| pattern.allows_from(version))
        && reference.latest.as_ref().is_none_or(|pattern| pattern.allows_to(version))
}
