//! The writer: decide on what is folded, append, and answer by the verdict.

use std::time::Duration;

use fullmakt_events::{
    Commit, EncodeError, Event, LedgerRecord, Position, RecordedEvent, StreamName, Verdict, encode,
};
use tokio::time::{Instant, sleep, timeout_at};
use uuid::Uuid;

use crate::{
    Attempt, Command, CommandError, Decided, Executed, Issuer, Ledger, Unavailable, metering,
    settle::{Outcome, settle},
};

/// How long after its arrival a command may be decided, and its caller waits.
const DECIDED_WITHIN: Duration = Duration::from_secs(2);

/// How long to wait for a source that lags behind before deciding afresh.
const SOURCE_AGAIN_AFTER: Duration = Duration::from_millis(5);

/// Whether a command is done, or has to be decided afresh.
enum Step<T> {
    Done(T),
    Afresh,
}

impl Ledger {
    /// Carries a command out: decides, appends, and answers by the verdict. A command that was
    /// superseded is decided afresh.
    ///
    /// # Errors
    /// When a rule forbids the command, or there is no answer within two seconds of its arrival.
    pub async fn execute<C: Command>(
        &self,
        issuer: &Issuer,
        command: &C,
    ) -> Result<Executed<C::Answer>, CommandError<C::Refusal>> {
        let stream = command.turn();
        let executed = self.execute_on(&stream, issuer, command).await;
        metering::command(stream.category(), &executed);
        executed
    }

    async fn execute_on<C: Command>(
        &self,
        stream: &StreamName,
        issuer: &Issuer,
        command: &C,
    ) -> Result<Executed<C::Answer>, CommandError<C::Refusal>> {
        let deadline = issuer.arrived + DECIDED_WITHIN;
        let Ok(_turn) = timeout_at(deadline, self.shared().turns.take(stream.key())).await else {
            return Err(Unavailable::NotDecided.into());
        };
        self.has_begun(deadline).await?;
        // The position before the log's end, as asked for after the request arrived. Only answers
        // that write nothing need it.
        let mut floor = None;
        while Instant::now() < deadline {
            let mut attempt = Attempt::new(self, floor.unwrap_or_default(), deadline);
            let decided = command.decide(&mut attempt).await;
            let is_lagging = attempt.is_lagging();
            let decided = match decided {
                Ok(Decided::Write { events, answer }) => {
                    match self.write(issuer, attempt, &events).await? {
                        Step::Done(position) => {
                            return Ok(Executed { answer, position, is_written: true });
                        }
                        Step::Afresh => None,
                    }
                }
                Ok(Decided::Nothing(answer)) => Some((Ok(answer), attempt)),
                Err(CommandError::Refused(refusal)) => {
                    Some((Err(CommandError::Refused(refusal)), attempt))
                }
                Err(other) => return Err(other),
            };
            if let Some((decided, attempt)) = decided
                && let Step::Done(position) = self.stands(&attempt, &mut floor).await?
            {
                return decided.map(|answer| Executed { answer, position, is_written: false });
            }
            if is_lagging {
                sleep(SOURCE_AGAIN_AFTER).await;
            }
        }
        Err(Unavailable::NotDecided.into())
    }

    /// Appends what was decided, and waits for the verdict.
    async fn write<R>(
        &self,
        issuer: &Issuer,
        attempt: Attempt,
        events: &[(StreamName, Event)],
    ) -> Result<Step<Position>, CommandError<R>> {
        let (deadline, decided_at) = (attempt.deadline(), attempt.now());
        // Nothing is decided later: the verdict would come when the caller is gone.
        if Instant::now() >= deadline {
            return Err(Unavailable::NotDecided.into());
        }
        if let Some(pause) = self.gives_way(attempt.reads()) {
            sleep(pause).await;
            return Ok(Step::Afresh);
        }
        // A commit that is sure to be superseded is of use only to show others who loses. One that
        // rests on a source that lags behind shows nothing.
        if attempt.is_lagging() && self.is_written_after(attempt.as_of(), attempt.reads()) {
            return Ok(Step::Afresh);
        }
        let commit = self.commit(issuer, attempt, events).map_err(too_large)?;
        let id = commit.id;
        let bytes = encode(&LedgerRecord::Commit(Box::new(commit))).map_err(too_large)?;
        let settling =
            self.shared().settling.spawn(settle(self.clone(), id, bytes.into(), decided_at));
        let outcome = match timeout_at(deadline, settling).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) | Err(_) => Outcome::Unknown,
        };
        match outcome {
            Outcome::Settled(settled) => match settled.verdict {
                Verdict::Admitted => Ok(Step::Done(settled.position)),
                Verdict::Superseded { .. } => {
                    metering::conflict();
                    Ok(Step::Afresh)
                }
                Verdict::Stale | Verdict::Void(_) => Ok(Step::Afresh),
            },
            Outcome::Stale => Ok(Step::Afresh),
            Outcome::NotAppended => Err(Unavailable::LogAway.into()),
            Outcome::Unknown => Err(Unavailable::InDoubt.into()),
        }
    }

    fn commit(
        &self,
        issuer: &Issuer,
        attempt: Attempt,
        events: &[(StreamName, Event)],
    ) -> Result<Commit, EncodeError> {
        let mut commit =
            Commit::new(Uuid::now_v7(), self.id(), attempt.now(), issuer.actor.clone());
        commit.state_hash = attempt.state_hash();
        let (as_of, mut reads, authorization) = attempt.into_parts();
        reads.extend(events.iter().map(|(stream, _)| stream.clone()));
        commit.as_of = as_of;
        commit.authorization = authorization;
        commit.reason.clone_from(&issuer.reason);
        commit.correlation.clone_from(&issuer.correlation);
        commit.reads = reads.into_iter().collect();
        commit.events = events
            .iter()
            .map(|(stream, event)| RecordedEvent::new(stream.clone(), event))
            .collect::<Result<_, _>>()
            .map_err(EncodeError::Json)?;
        Ok(commit)
    }

    /// Whether an answer that writes nothing may be given: it was decided on all that the log held
    /// when the request arrived, and nothing it read was written since.
    async fn stands(
        &self,
        attempt: &Attempt,
        floor: &mut Option<Position>,
    ) -> Result<Step<Position>, Unavailable> {
        let deadline = attempt.deadline();
        let asked = if let Some(asked) = *floor {
            asked
        } else {
            let end = self.end(deadline).await?;
            *floor.insert(end.previous().unwrap_or_default())
        };
        let as_of = attempt.as_of();
        if as_of < asked {
            self.folded(asked, deadline).await?;
            return Ok(Step::Afresh);
        }
        self.folded(attempt.highest(), deadline).await?;
        if self.is_written_after(as_of, attempt.reads()) {
            return Ok(Step::Afresh);
        }
        if Instant::now() >= deadline {
            return Err(Unavailable::NotDecided);
        }
        Ok(Step::Done(as_of))
    }
}

fn too_large<R>(error: EncodeError) -> CommandError<R> {
    match error {
        EncodeError::TooLarge { bytes } => CommandError::TooLarge { bytes },
        EncodeError::Json(_) => CommandError::Inconsistent(error),
    }
}
