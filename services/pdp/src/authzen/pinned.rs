//! Generations that are kept for a while, so that a later page of a search is answered from the
//! position of its first.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use fullmakt_events::Position;

use crate::Generation;

/// How many generations are kept. They share what they have in common, so that one is as large as
/// what has changed since.
const KEPT_MAX: usize = 32;

/// The generations that searches under way go on with. Never asked for the present.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pinned(Arc<Mutex<VecDeque<Arc<Generation>>>>);

impl Pinned {
    /// Keeps a generation. The one that was kept first gives way.
    pub(crate) fn keep(&self, generation: &Arc<Generation>) {
        let mut kept = self.kept();
        let position = generation.graph.position();
        if kept.iter().any(|known| known.graph.position() == position) {
            return;
        }
        if kept.len() >= KEPT_MAX {
            kept.pop_front();
        }
        kept.push_back(Arc::clone(generation));
    }

    /// The generation of a position, if it is kept.
    pub(crate) fn at(&self, position: Position) -> Option<Arc<Generation>> {
        self.kept().iter().find(|known| known.graph.position() == position).map(Arc::clone)
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<Arc<Generation>>> {
        // Nothing is left half done under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{fold, records, registered};

    #[test]
    fn the_newest_are_kept_each_once_and_the_first_gives_way() {
        let pinned = Pinned::default();
        let mut fold = fold();
        let generations = fold.generations();
        let first = generations.current();
        let mut last = Arc::clone(&first);
        for number in 0..=u32::try_from(KEPT_MAX).unwrap() {
            pinned.keep(&last);
            pinned.keep(&last);
            let next = last.graph.position().get() + 1;
            let kind = fullmakt_events::event::PartyKind::Organization;
            fullmakt_ledger::Fold::apply(
                &mut fold,
                &records(next, registered(number + 9, kind, None)),
            );
            last = generations.current();
        }
        assert_eq!(pinned.kept().len(), KEPT_MAX);
        assert!(pinned.at(first.graph.position()).is_none());
        assert!(pinned.at(last.graph.position()).is_none(), "it was never kept");
        let second = pinned.kept()[0].graph.position();
        assert_eq!(pinned.at(second).unwrap().graph.position(), second);
    }
}
