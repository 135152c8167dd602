//! New compact parts of the graph, made beside the fold.

use std::thread::{self, JoinHandle};

use fullmakt_projections::graph::{AccessGraph, Merged};
use tracing::error;

/// The compact part that is being made, if one is.
#[derive(Debug, Default)]
pub(super) struct Merging(Option<JoinHandle<Merged>>);

impl Merging {
    /// Gives the graph the compact part, if it is ready.
    pub(super) fn adopt(&mut self, graph: &mut AccessGraph) {
        if let Some(merging) = self.0.take_if(|merging| merging.is_finished()) {
            adopt(merging, graph);
        }
    }

    /// Begins to make one, if it is worth it and none is being made. Readers and the fold go on.
    pub(super) fn begin(&mut self, graph: &AccessGraph) {
        if self.0.is_some() || !graph.is_worth_merging() {
            return;
        }
        let graph = graph.clone();
        let merge = thread::Builder::new().name("graph-merge".to_owned());
        match merge.spawn(move || graph.merged()) {
            Ok(merging) => self.0 = Some(merging),
            // The graph is right all the same, only larger. The next batch tries again.
            Err(error) => error!(
                error = &error as &dyn std::error::Error,
                "the graph's compact part cannot be made"
            ),
        }
    }
}

fn adopt(merging: JoinHandle<Merged>, graph: &mut AccessGraph) {
    if let Ok(merged) = merging.join() {
        graph.adopt(merged);
    } else {
        error!("making the graph's compact part was given up");
    }
}

#[cfg(test)]
mod tests {
    use fullmakt_events::{
        Event, Folded, PackageUrn, PartyId, Position, StreamName, SystemUserId, Timestamp,
        Validity, Verdict,
        event::{ClientLinkAdded, ClientLinkEvent},
    };
    use uuid::Uuid;

    use super::*;

    const USER: SystemUserId = SystemUserId::new(Uuid::from_u128(1));

    fn client(number: u64) -> PartyId {
        Uuid::from_u128(number.into()).into()
    }

    /// A record in which a client is added.
    fn added(number: u64) -> Folded {
        let event = ClientLinkEvent::Added(ClientLinkAdded {
            system_user: USER,
            client: client(number),
            access_packages: vec![PackageUrn::new("urn:altinn:accesspackage:a")],
            rights: Vec::new(),
            validity: Validity::ALWAYS,
            by: client(0),
        });
        let stream = StreamName::client_link(USER, client(number));
        Folded {
            position: Position::new(number),
            append_time: Timestamp::from_millis(0),
            ledger_time: Timestamp::from_millis(0),
            bytes: Vec::new().into(),
            verdict: Verdict::Admitted,
            record: None,
            events: vec![(stream, Event::ClientLink(event))],
        }
    }

    #[test]
    fn a_compact_part_is_made_beside_the_fold_and_loses_nothing() {
        let (mut graph, mut merging) = (AccessGraph::default(), Merging::default());
        let mut next = 1;
        while merging.0.is_none() {
            graph.apply(&added(next));
            merging.begin(&graph);
            next += 1;
        }
        // What is folded while it is being made.
        graph.apply(&added(next));
        let making = merging.0.take().expect("one is being made");
        adopt(making, &mut graph);
        assert!(!graph.is_worth_merging());
        assert_eq!(graph.clients_of_system_user(USER).len(), usize::try_from(next).unwrap());
        for number in [1, next / 2, next] {
            let since = graph.client_link(USER, client(number)).map(|link| link.since);
            assert_eq!(since, Some(Position::new(number)));
        }
        assert!(graph.client_link(USER, client(next + 1)).is_none());
    }

    #[test]
    fn little_is_not_worth_a_compact_part() {
        let (mut graph, mut merging) = (AccessGraph::default(), Merging::default());
        graph.apply(&added(1));
        merging.begin(&graph);
        assert!(merging.0.is_none());
    }
}
