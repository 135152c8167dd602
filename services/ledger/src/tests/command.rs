//! A small command: take streams that are free, or give back what is taken.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use fullmakt_events::{
    Event, StreamName,
    event::{CommandAnswer, CommandAnswered, CommandEvent},
};
use serde_json::json;
use tokio::time::sleep;

use crate::{
    Attempt, Command, CommandError, Decided, Executed, LedgerIndex, MemoryIndex, StreamEvent,
};

pub(super) type Outcome = Result<Executed<Seen>, CommandError<Seen>>;

/// How many events each stream had that the decision read, by which tests see what it was made on.
pub(super) type Seen = BTreeMap<StreamName, usize>;

const TAKEN: u16 = 1;
const GIVEN_BACK: u16 = 0;

pub(super) fn stream(name: &str) -> StreamName {
    StreamName::of("slot", &[name])
}

/// Takes streams, if all that it reads and writes are free.
#[derive(Clone, Default)]
pub(super) struct Take {
    token: String,
    reads: BTreeSet<StreamName>,
    writes: BTreeSet<StreamName>,
    /// Streams that are read from another source than the index.
    consults: BTreeSet<StreamName>,
    source: Option<MemoryIndex>,
    remembered_by: Option<StreamName>,
    gives_back: bool,
    in_any_case: bool,
    takes: Duration,
    pub(super) decided: Arc<AtomicU32>,
}

impl Take {
    /// Takes this stream.
    pub(super) fn of(name: &str) -> Self {
        let mut take = Self { token: name.to_owned(), ..Self::default() };
        take.writes.insert(stream(name));
        take
    }

    /// Gives this stream back, if it is taken.
    pub(super) fn back(name: &str) -> Self {
        Self { gives_back: true, ..Self::of(name) }
    }

    /// Writes to this stream, be it free or not.
    pub(super) fn in_any_case(name: &str) -> Self {
        Self { in_any_case: true, ..Self::of(name) }
    }

    /// Takes this stream as well.
    pub(super) fn and(mut self, name: &str) -> Self {
        self.writes.insert(stream(name));
        self
    }

    /// Reads this stream as well.
    pub(super) fn reads(mut self, name: &str) -> Self {
        self.reads.insert(stream(name));
        self
    }

    /// Reads this stream from another source.
    pub(super) fn consults(mut self, name: &str, source: &MemoryIndex) -> Self {
        self.consults.insert(stream(name));
        self.source = Some(source.clone());
        self
    }

    /// Is carried out once, however often it is asked for with this token.
    pub(super) fn once(mut self, token: &str, remembered_by: uuid::Uuid) -> Self {
        token.clone_into(&mut self.token);
        self.remembered_by = Some(StreamName::command(remembered_by));
        self
    }

    /// Takes this long to decide, after everything was read.
    pub(super) fn takes(mut self, time: Duration) -> Self {
        self.takes = time;
        self
    }

    /// How often it was decided.
    pub(super) fn times_decided(&self) -> u32 {
        self.decided.load(Ordering::SeqCst)
    }

    /// What the decision reads: for each stream how many events it had and whether it is free.
    async fn read(
        &self,
        attempt: &mut Attempt,
    ) -> Result<BTreeMap<StreamName, (usize, bool)>, CommandError<Seen>> {
        let streams: Vec<_> = self.reads.iter().chain(&self.writes).cloned().collect();
        let mut read = BTreeMap::new();
        for (stream, events) in streams.iter().zip(attempt.load_all(&streams).await?) {
            read.insert(stream.clone(), state(&events));
        }
        if let Some(source) = &self.source {
            let streams: Vec<_> = self.consults.iter().cloned().collect();
            let snapshot = source.load(&streams).await.unwrap();
            attempt.consult(snapshot.checkpoint, streams.iter().cloned());
            for (stream, events) in streams.iter().zip(snapshot.streams) {
                read.insert(stream.clone(), state(&events));
            }
        }
        Ok(read)
    }
}

fn state(events: &[StreamEvent]) -> (usize, bool) {
    let is_free = match events.last().map(|event| &event.event) {
        Some(Event::Command(CommandEvent::Answered(last))) => last.answer.status == GIVEN_BACK,
        Some(other) => panic!("{other:?}"),
        None => true,
    };
    (events.len(), is_free)
}

#[async_trait]
impl Command for Take {
    type Answer = Seen;
    type Refusal = Seen;

    fn turn(&self) -> StreamName {
        self.writes.first().unwrap().clone()
    }

    async fn decide(&self, attempt: &mut Attempt) -> Result<Decided<Seen>, CommandError<Seen>> {
        self.decided.fetch_add(1, Ordering::SeqCst);
        let mut is_done_already = false;
        if let Some(command) = &self.remembered_by {
            is_done_already = !attempt.load(command.clone()).await?.is_empty();
        }
        let read = self.read(attempt).await?;
        if !self.takes.is_zero() {
            sleep(self.takes).await;
        }
        let seen: Seen = read.iter().map(|(stream, (count, _))| (stream.clone(), *count)).collect();
        if is_done_already {
            return Ok(Decided::Nothing(seen));
        }
        let is_right = |stream: &StreamName| read[stream].1 != self.gives_back;
        let is_free = |stream: &StreamName| read[stream].1;
        let stands = self.in_any_case
            || self.writes.iter().all(is_right)
                && self.reads.iter().chain(&self.consults).all(is_free);
        if !stands {
            return Err(CommandError::Refused(seen));
        }
        let status = if self.gives_back { GIVEN_BACK } else { TAKEN };
        // By this the tests know what the decision was made on.
        let loaded: Vec<_> =
            self.reads.iter().chain(&self.writes).chain(&self.remembered_by).collect();
        let body = json!({ "seen": seen, "loaded": loaded });
        let answered: Event = CommandEvent::Answered(CommandAnswered {
            body_hash: self.token.clone(),
            answer: CommandAnswer { status, location: None, body: Some(body) },
        })
        .into();
        let written = self.writes.iter().chain(&self.remembered_by);
        let events = written.map(|stream| (stream.clone(), answered.clone())).collect();
        Ok(Decided::Write { events, answer: seen })
    }
}

/// What a decision about these streams has seen.
pub(super) fn seen(counts: &[(&str, usize)]) -> Seen {
    counts.iter().map(|(name, count)| (stream(name), *count)).collect()
}
