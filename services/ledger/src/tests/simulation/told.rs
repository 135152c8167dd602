//! What clients were told, held against the ledger once all is over.

use fullmakt_events::Position;

use crate::{
    CommandError, Executed, Unavailable,
    tests::{
        command::{Outcome, Seen},
        oracle::Truth,
    },
};

/// One time that a client asked.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) token: String,
    pub(super) told: Told,
    /// The log's end before the client asked.
    pub(super) before: Position,
    /// The log's end when it was answered.
    pub(super) after: Position,
    /// Whether an earlier attempt with this token got no answer.
    pub(super) is_in_doubt: bool,
}

/// What a client was told.
#[derive(Debug)]
pub(super) enum Told {
    Written(Position),
    AlreadySo(Position),
    Refused(Seen),
    NoEffect,
    InDoubt,
    /// The process crashed.
    Nothing,
}

impl Told {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Written(_) => "written",
            Self::AlreadySo(_) => "already so",
            Self::Refused(_) => "refused",
            Self::NoEffect => "no effect",
            Self::InDoubt => "in doubt",
            Self::Nothing => "no answer",
        }
    }

    /// Whether the client may take it that the command had an effect, or will.
    pub(super) fn may_be_carried_out(&self) -> bool {
        match self {
            Self::Written(_) | Self::AlreadySo(_) | Self::InDoubt | Self::Nothing => true,
            Self::Refused(_) | Self::NoEffect => false,
        }
    }
}

impl From<Outcome> for Told {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Ok(Executed { position, is_written: true, .. }) => Self::Written(position),
            Ok(Executed { position, .. }) => Self::AlreadySo(position),
            Err(CommandError::Refused(seen)) => Self::Refused(seen),
            Err(CommandError::Unavailable(Unavailable::InDoubt)) => Self::InDoubt,
            Err(CommandError::Unavailable(_)) => Self::NoEffect,
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// Whether a client was told the truth.
pub(super) fn was_true(asked: &Asked, truth: &Truth) {
    let Asked { token, told, before, after, is_in_doubt } = asked;
    let carried_out = truth.carried_out(token);
    assert!(carried_out.len() <= 1, "{token} is carried out at {carried_out:?}");
    match told {
        Told::Written(position) => {
            assert_eq!(carried_out, [*position], "{token}");
            assert!(position < after, "{token}");
        }
        Told::AlreadySo(position) => {
            assert!(carried_out.iter().all(|at| at <= position), "{token}: {asked:?}");
            assert_eq!(carried_out.len(), 1, "{token}");
        }
        Told::Refused(seen) => {
            assert!(*is_in_doubt || carried_out.is_empty(), "{token} was refused: {carried_out:?}");
            let (from, until) = (before.previous().unwrap(), after.previous().unwrap());
            assert!(truth.was_so(seen, from, until), "{token} was refused for {seen:?}");
        }
        // What all attempts with a token did is looked at together.
        Told::NoEffect | Told::InDoubt | Told::Nothing => {}
    }
}
