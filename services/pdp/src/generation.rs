//! Generations: the access graph and the policies as of one position, published without locks.

mod merging;

use std::sync::Arc;

use arc_swap::ArcSwap;
use fullmakt_access::ResourcePolicy;
use fullmakt_events::{
    Event, Folded, ResourceId,
    event::{PolicyPublished, ResourceEvent},
};
use fullmakt_ledger::Fold;
use fullmakt_projections::graph::AccessGraph;
use fullmakt_xacml::{Limits, Mode, PolicyTree};
use tracing::error;

use merging::Merging;

use crate::authzen::{Pinned, SearchIndex};

/// All that decisions rest on, as of one position.
#[derive(Debug, Clone, Default)]
pub struct Generation {
    /// The facts.
    pub graph: AccessGraph,
    /// What searches go through.
    pub(crate) index: SearchIndex,
    policies: imbl::HashMap<ResourceId, Arc<ResourcePolicy>>,
}

impl Generation {
    /// The policy of a resource, if it has one.
    #[must_use]
    pub fn policy(&self, resource: &ResourceId) -> Option<&ResourcePolicy> {
        self.policies.get(resource).map(Arc::as_ref)
    }

    fn apply(&mut self, record: &Folded) {
        self.index.apply(record, &self.graph);
        self.graph.apply(record);
        for (_, event) in &record.events {
            if let Event::Resource(ResourceEvent::PolicyPublished(published)) = event {
                self.publish(published);
            }
        }
    }

    /// A policy was checked before it was published. One that cannot be read all the same leaves
    /// its resource without a policy, so that every decision about it is Indeterminate.
    fn publish(&mut self, published: &PolicyPublished) {
        match PolicyTree::parse(&published.xml, Mode::Strict, &Limits::default()) {
            Ok(parsed) => {
                let policy = ResourcePolicy::new(parsed.policy, published.hash.clone());
                self.policies.insert(published.id.clone(), Arc::new(policy));
            }
            Err(reason) => {
                self.policies.remove(&published.id);
                error!(
                    resource.id = %published.id,
                    error = &reason as &dyn std::error::Error,
                    "the policy of `{}` cannot be read; nothing is permitted by it", published.id
                );
            }
        }
    }
}

/// The newest generation, for readers. They never wait.
#[derive(Debug, Clone, Default)]
pub struct Generations {
    newest: Arc<ArcSwap<Generation>>,
    /// Those that searches under way go on with.
    pub(crate) pinned: Pinned,
}

impl Generations {
    /// The newest generation.
    #[must_use]
    pub fn current(&self) -> Arc<Generation> {
        self.newest.load_full()
    }
}

/// The fold that makes generations: one a batch of records.
#[derive(Debug, Default)]
pub struct GenerationFold {
    newest: Generation,
    published: Generations,
    merging: Merging,
}

impl GenerationFold {
    /// Where the generations are published.
    #[must_use]
    pub fn generations(&self) -> Generations {
        self.published.clone()
    }
}

impl Fold for GenerationFold {
    fn apply(&mut self, records: &[Folded]) {
        self.merging.adopt(&mut self.newest.graph);
        for record in records {
            self.newest.apply(record);
        }
        self.merging.begin(&self.newest.graph);
        self.published.newest.store(Arc::new(self.newest.clone()));
    }
}

#[cfg(test)]
mod tests;
