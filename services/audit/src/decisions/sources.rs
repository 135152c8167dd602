//! What a decision rests on, read from the read models as of its position.
//!
//! A graph is filled with what stood on the streams that the decision consults: it is computed, and
//! what it consulted and the graph does not have is read, until it has consulted nothing else.

use std::collections::BTreeSet;

use fullmakt_events::{PartyId, Position, StreamName};
use fullmakt_projections::graph::AccessGraph;
use fullmakt_readstore::{Reader, Standing, StandingError};
use futures::{StreamExt, TryStreamExt, stream};

/// How many streams are read at a time.
const STREAMS: usize = 32;

/// What stood on the streams that a decision consults.
pub(super) struct Sources<'a> {
    reader: &'a Reader,
    represented: Option<PartyId>,
    graph: AccessGraph,
    loaded: BTreeSet<StreamName>,
}

impl<'a> Sources<'a> {
    /// Nothing yet, for a decision about this party as of a position.
    pub(super) fn new(reader: &'a Reader, as_of: Position, represented: Option<PartyId>) -> Self {
        let (graph, loaded) = (AccessGraph::as_of(as_of), BTreeSet::new());
        Self { reader, represented, graph, loaded }
    }

    /// What was read so far.
    pub(super) const fn graph(&self) -> &AccessGraph {
        &self.graph
    }

    /// Computes until all that was consulted is in the graph. There are no more rounds than streams.
    pub(super) async fn settled<T>(
        &mut self,
        compute: impl Fn(&AccessGraph) -> (T, BTreeSet<StreamName>),
    ) -> Result<T, StandingError> {
        loop {
            let (computed, consulted) = compute(&self.graph);
            let missing: BTreeSet<_> = consulted.difference(&self.loaded).cloned().collect();
            if missing.is_empty() {
                return Ok(computed);
            }
            self.load(missing).await?;
        }
    }

    /// Reads these streams, and those that a decision finds from their other side.
    pub(super) async fn load(
        &mut self,
        streams: BTreeSet<StreamName>,
    ) -> Result<(), StandingError> {
        let as_of = self.graph.position();
        let mut found = streams.clone();
        for stream in streams.iter().filter(|stream| self.is_looked_at_from_both_sides(stream)) {
            found.extend(self.reader.beyond(stream, as_of).await?);
        }
        let reader = self.reader;
        let missing: Vec<StreamName> = found.difference(&self.loaded).cloned().collect();
        let standing =
            missing.into_iter().map(|stream| async move { reader.standing(&stream, as_of).await });
        let standing: Vec<_> = stream::iter(standing).buffered(STREAMS).try_collect().await?;
        for Standing { fact, since, at } in standing.into_iter().flatten() {
            self.graph.take(&fact, since, at.unwrap_or_default());
        }
        self.loaded.extend(found);
        Ok(())
    }

    /// Of parties only the one that is represented: whom others represent is not asked.
    fn is_looked_at_from_both_sides(&self, stream: &StreamName) -> bool {
        let represented = self.represented.map(StreamName::party);
        stream.category() != "party" || represented.as_ref() == Some(stream)
    }
}
