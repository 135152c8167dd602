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

fn fits(reference: &PolicyReference, version: &Version) -> bool {
    reference.version.as_ref().is_none_or(|pattern| pattern.matches(version))
        && reference.earliest.as_ref().is_none_or(|pattern| pattern.allows_from(version))
        && reference.latest.as_ref().is_none_or(|pattern| pattern.allows_to(version))
}
