//! What the writer is given, and what it gives back.

use async_trait::async_trait;
use fullmakt_events::{Actor, Event, Position, StreamName};
use tokio::time::Instant;

use crate::{Attempt, CommandError};

/// An intention, together with how it is decided.
#[async_trait]
pub trait Command: Send + Sync {
    /// What the caller is told when it succeeds.
    type Answer: Send;
    /// What the caller is told when a rule forbids it.
    type Refusal: Send;

    /// The stream on which this command takes turns with others of the process.
    fn turn(&self) -> StreamName;

    /// Decides on what the attempt loads, and on nothing else that can change.
    ///
    /// May be called several times, since a superseded commit means deciding afresh.
    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<Self::Answer>, CommandError<Self::Refusal>>;
}

/// What was decided.
#[derive(Debug, Clone)]
pub enum Decided<A> {
    /// These events happen, if the commit is admitted.
    Write {
        /// The events with their streams, at least one.
        events: Vec<(StreamName, Event)>,
        /// The answer then.
        answer: A,
    },
    /// Nothing has to happen: it is already so.
    Nothing(A),
}

/// Who gives a command, and when.
#[derive(Debug, Clone)]
pub struct Issuer {
    /// Who gives it.
    pub actor: Actor,
    /// Why, where the actor said so.
    pub reason: Option<String>,
    /// The request it belongs to.
    pub correlation: Option<String>,
    /// When the request arrived.
    pub arrived: Instant,
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executed<A> {
    /// The answer.
    pub answer: A,
    /// The position of the commit, or the one that an answer without a commit was decided as of.
    pub position: Position,
    /// Whether a commit was written.
    pub is_written: bool,
}
