//! Given, when, then: the test language of the deciders, and the laws that all of them keep.

use std::fmt::Debug;

use fullmakt_events::{Event, StreamName, Timestamp};

use crate::{Decider, Recorded};

/// When tests take place, unless they say otherwise: 2026-11-21T21:13:00Z.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_795_295_580_000);

/// A stream with a history.
#[derive(Debug)]
pub(crate) struct Scenario<D>(D);

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Tried<E, R>(Result<E, R>);

/// Given this history, all of it recorded at [`NOW`].
pub(crate) fn scenario<D: Decider>(history: impl IntoIterator<Item = D::Event>) -> Scenario<D> {
    scenario_at(history.into_iter().map(|event| (NOW, event)))
}

/// Given this history, each event recorded at its time.
pub(crate) fn scenario_at<D: Decider>(
    history: impl IntoIterator<Item = (Timestamp, D::Event)>,
) -> Scenario<D> {
    Scenario(
        history
            .into_iter()
            .fold(D::default(), |state, (at, event)| state.evolve(Recorded { event: &event, at })),
    )
}

impl<D: Decider> Scenario<D> {
    /// When this is asked.
    pub(crate) fn when(&self, command: &D::Command) -> Tried<Vec<D::Event>, D::Error> {
        Tried(self.0.decide(command))
    }

    /// When a rule over several streams is asked.
    pub(crate) fn when_all<T>(&self, decide: impl FnOnce(&D) -> T) -> T {
        decide(&self.0)
    }
}

impl<E: Debug + PartialEq, R: Debug + PartialEq> Tried<Vec<E>, R> {
    /// Then exactly this happens.
    #[track_caller]
    pub(crate) fn then(self, expected: impl IntoIterator<Item = E>) {
        let expected: Vec<_> = expected.into_iter().collect();
        assert_eq!(self.0.expect("it was refused"), expected);
    }

    /// Then nothing happens, because it is already so.
    #[track_caller]
    pub(crate) fn then_nothing(self) {
        self.then([]);
    }

    /// Then it is refused, for exactly this reason.
    #[track_caller]
    pub(crate) fn then_refused(self, expected: R) {
        assert_eq!(self.0, Err(expected));
    }

    /// The refusal, for tests that look at a part of it.
    #[track_caller]
    pub(crate) fn refusal(self) -> R {
        self.0.expect_err("it was not refused")
    }

    /// What happens, for tests that look at a part of it.
    #[track_caller]
    pub(crate) fn events(self) -> Vec<E> {
        self.0.expect("it was refused")
    }
}

/// The streams of an outcome, in order.
pub(crate) fn streams(outcome: &[(StreamName, Event)]) -> Vec<&str> {
    outcome.iter().map(|(stream, _)| stream.as_str()).collect()
}

/// Whatever is asked, in whatever order: an accepted command asked again changes nothing, and
/// replaying the log gives the state we had. `watch` sees every state beside the one before.
pub(crate) fn assert_laws<D>(commands: &[D::Command], mut watch: impl FnMut(&D, &D::Command, &D))
where
    D: Decider<Event: Debug, Command: Debug> + Clone + PartialEq + Debug,
{
    assert_laws_at(commands.iter().map(|command| (NOW, command)), |_, before, command, after| {
        watch(before, command, after);
    });
}

/// As [`assert_laws`], with the ledger time of every command.
pub(crate) fn assert_laws_at<'a, D>(
    commands: impl IntoIterator<Item = (Timestamp, &'a D::Command)>,
    mut watch: impl FnMut(Timestamp, &D, &D::Command, &D),
) where
    D: Decider<Event: Debug, Command: Debug + 'a> + Clone + PartialEq + Debug,
{
    let mut log: Vec<(Timestamp, D::Event)> = Vec::new();
    let mut state = D::default();
    for (at, command) in commands {
        let Ok(events) = state.decide(command) else { continue };
        let before = state.clone();
        for event in events {
            state = state.evolve(Recorded { event: &event, at });
            log.push((at, event));
        }
        let again = state.decide(command).unwrap_or_default();
        assert!(again.is_empty(), "asked again, {command:?} made {again:?} happen");
        watch(at, &before, command, &state);
    }
    let recorded = log.iter().map(|(at, event)| Recorded { event, at: *at });
    assert_eq!(D::replay(recorded), state);
    let events: Vec<_> = log.into_iter().map(|(at, event)| (event.into(), at)).collect();
    assert_eq!(D::of_stream(events.iter().map(|(event, at)| (event, *at))), state);
}
