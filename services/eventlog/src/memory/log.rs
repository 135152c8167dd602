//! The log in memory.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use async_trait::async_trait;
use bytes::Bytes;
use fullmakt_events::Position;
use thiserror::Error;
use tokio::sync::watch;

use super::{
    clock::TimeSource,
    faults::{Answer, AppendPlan, Fate, Faults, Pause},
    reader::MemoryReader,
};
use crate::{
    error::{AppendError, ReadError},
    log::{EventLog, LogReader, ReadLimits, Record},
};

/// One handle on a log in memory, as one process would have it. [`MemoryLog::handle`] gives the
/// next process its own, with faults of its own. Clones share their faults.
#[derive(Clone, Debug)]
pub struct MemoryLog {
    store: Arc<Store>,
    faults: Arc<Faults>,
    /// Which of the logs that were here one after the other this handle is on.
    incarnation: Arc<AtomicU64>,
}

impl MemoryLog {
    /// An empty log that takes its append times from this source.
    #[must_use]
    pub fn new(time: TimeSource) -> Self {
        let store =
            Store { time, contents: Mutex::default(), end: watch::Sender::new(Position::GENESIS) };
        Self { store: Arc::new(store), faults: Arc::default(), incarnation: Arc::default() }
    }

    /// Another handle on the log that is here now, without faults.
    #[must_use]
    pub fn handle(&self) -> Self {
        let incarnation = self.store.lock().incarnation;
        Self {
            store: Arc::clone(&self.store),
            faults: Arc::default(),
            incarnation: Arc::new(AtomicU64::new(incarnation)),
        }
    }

    /// What goes wrong on this handle.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// All records the log holds, whatever the faults.
    #[must_use]
    pub fn records(&self) -> Vec<Record> {
        self.store.lock().records.clone()
    }

    /// Removes the records below a position, as an administrator might.
    pub fn truncate_below(&self, position: Position) {
        let mut contents = self.store.lock();
        let end = contents.end();
        contents.start = contents.start.max(position.min(end));
        let start = contents.start;
        contents.records.retain(|record| record.position >= start);
    }

    /// Removes the records from a position on, as a server does that takes over without them.
    pub fn lose_from(&self, position: Position) {
        let mut contents = self.store.lock();
        contents.records.retain(|record| record.position < position);
        let end = contents.end();
        drop(contents);
        self.store.end.send_replace(end);
    }

    /// Puts an empty log in the place of this one, as happens to a topic that is deleted and created
    /// anew. This handle and its clones go over to it, all others stay with the one that is gone.
    pub fn recreate(&self) {
        let mut contents = self.store.lock();
        let incarnation = contents.incarnation.saturating_add(1);
        *contents = Contents { incarnation, ..Contents::default() };
        drop(contents);
        self.incarnation.store(incarnation, Ordering::SeqCst);
        self.store.end.send_replace(Position::GENESIS);
    }

    fn incarnation(&self) -> u64 {
        self.incarnation.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl EventLog for MemoryLog {
    async fn append(&self, bytes: Bytes) -> Result<Position, AppendError> {
        AppendError::check_size(&bytes)?;
        if self.faults.is_cut_off() {
            return Err(AppendError::unavailable(Fault::CutOff));
        }
        let plan = self.faults.next_plan();
        let (store, faults) = (Arc::clone(&self.store), Arc::clone(&self.faults));
        let append = carry_out(store, faults, self.incarnation(), plan, bytes);
        if plan.answer == Answer::UnknownAtOnce {
            tokio::spawn(append);
            return Err(AppendError::unknown(Fault::NoAcknowledgement));
        }
        if plan.before == Pause::None && plan.after == Pause::None {
            return append.await;
        }
        // A task of its own, because an append goes on when nobody waits for it any more.
        tokio::spawn(append).await.map_err(AppendError::unknown)?
    }

    async fn reader(
        &self,
        from: Position,
        limits: ReadLimits,
    ) -> Result<Box<dyn LogReader>, ReadError> {
        self.faults.on_read().await?;
        let incarnation = self.incarnation();
        self.store.of(incarnation)?.check_bounds(from)?;
        let (store, faults) = (Arc::clone(&self.store), Arc::clone(&self.faults));
        Ok(Box::new(MemoryReader::new(store, faults, incarnation, from, limits)))
    }

    async fn end(&self) -> Result<Position, ReadError> {
        self.faults.on_read().await?;
        let end = self.store.of(self.incarnation())?.end();
        Ok(self.faults.end().map_or(end, |stale| stale.min(end)))
    }

    async fn start(&self) -> Result<Position, ReadError> {
        self.faults.on_read().await?;
        Ok(self.store.of(self.incarnation())?.start)
    }
}

/// Carries out one append as planned.
async fn carry_out(
    store: Arc<Store>,
    faults: Arc<Faults>,
    incarnation: u64,
    plan: AppendPlan,
    bytes: Bytes,
) -> Result<Position, AppendError> {
    faults.pause(plan.before).await;
    let append = |bytes| store.append(incarnation, bytes).map_err(AppendError::unavailable);
    let position = match plan.fate {
        Fate::Appended | Fate::Doubled => Some(append(bytes.clone())?),
        Fate::Dropped => None,
    };
    faults.pause(plan.after).await;
    match plan.fate {
        Fate::Doubled => {
            // The answer is the first place, also where the log is gone by now.
            let _ = append(bytes);
        }
        Fate::Appended | Fate::Dropped => {}
    }
    match (plan.answer, position) {
        (Answer::Truth, Some(position)) => Ok(position),
        (Answer::Truth, None) => Err(AppendError::unavailable(Fault::Dropped)),
        (Answer::Unknown | Answer::UnknownAtOnce, _) => {
            Err(AppendError::unknown(Fault::NoAcknowledgement))
        }
    }
}

/// What all handles on one log share.
#[derive(Debug)]
pub(super) struct Store {
    time: TimeSource,
    contents: Mutex<Contents>,
    end: watch::Sender<Position>,
}

#[derive(Debug, Default)]
struct Contents {
    incarnation: u64,
    start: Position,
    records: Vec<Record>,
}

impl Contents {
    fn end(&self) -> Position {
        self.records.last().map_or(self.start, |record| record.position.next())
    }

    /// Refuses a position that the log does not hold and that is not its end.
    fn check_bounds(&self, from: Position) -> Result<(), ReadError> {
        let (start, end) = (self.start, self.end());
        if from < start {
            return Err(ReadError::TruncatedBelow { from, start });
        }
        if from > end {
            return Err(ReadError::BeyondEnd { from, end });
        }
        Ok(())
    }
}

impl Store {
    /// Appends a record under the lock, so that the append times follow the clock as the
    /// positions do.
    fn append(&self, incarnation: u64, bytes: Bytes) -> Result<Position, ReadError> {
        let position = {
            let mut contents = self.of(incarnation)?;
            let position = contents.end();
            contents.records.push(Record { position, append_time: self.time.now(), bytes });
            position
        };
        self.end.send_modify(|end| *end = (*end).max(position.next()));
        Ok(position)
    }

    /// The contents, if they are still those of this log.
    fn of(&self, incarnation: u64) -> Result<MutexGuard<'_, Contents>, ReadError> {
        let contents = self.lock();
        if contents.incarnation == incarnation { Ok(contents) } else { Err(ReadError::Replaced) }
    }

    /// The records from `from` on and below `hidden_from`, within the limits; an error where the
    /// log holds no such position and `from` is not its end.
    pub(super) fn batch(
        &self,
        incarnation: u64,
        from: Position,
        hidden_from: Option<Position>,
        limits: ReadLimits,
    ) -> Result<Vec<Record>, ReadError> {
        let contents = self.of(incarnation)?;
        contents.check_bounds(from)?;
        let skipped = contents.records.partition_point(|record| record.position < from);
        let mut batch: Vec<Record> = Vec::new();
        let mut batch_bytes = 0_usize;
        for record in contents.records.iter().skip(skipped) {
            let is_hidden = hidden_from.is_some_and(|hidden| record.position >= hidden);
            if is_hidden || !limits.has_room(batch.len(), batch_bytes, record.bytes.len()) {
                break;
            }
            batch_bytes = batch_bytes.saturating_add(record.bytes.len());
            batch.push(record.clone());
        }
        Ok(batch)
    }

    /// Tells of every change of the log's end.
    pub(super) fn ends(&self) -> watch::Receiver<Position> {
        self.end.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a fault plan did to an operation.
#[derive(Clone, Copy, Debug, Error)]
pub(super) enum Fault {
    #[error("the handle is cut off from the log")]
    CutOff,
    #[error("there was no answer")]
    NoAnswer,
    #[error("the record was dropped")]
    Dropped,
    #[error("no acknowledgement came")]
    NoAcknowledgement,
}
