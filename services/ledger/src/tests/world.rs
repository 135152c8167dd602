//! A log and the processes on it.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use fullmakt_eventlog::memory::{MemoryLog, TimeSource};
use fullmakt_events::{Actor, Commit, Folded, LedgerRecord, Position, Timestamp, decode};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{
    command::{Outcome, Take},
    index::Unreliable,
};
use crate::{Fold, Issuer, Ledger, LedgerError, LedgerSettings, MemoryIndex, open};

pub(super) const NAME: &str = "main";
const MILLIS_AT_START: i64 = 1_795_000_000_000;

/// A log whose clock follows Tokio's, moved by an offset that tests set.
pub(super) struct World {
    pub(super) log: MemoryLog,
    started: Instant,
    offset_micros: Arc<AtomicI64>,
}

impl World {
    pub(super) fn new() -> Self {
        let started = Instant::now();
        let offset_micros = Arc::new(AtomicI64::new(0));
        let offset = Arc::clone(&offset_micros);
        let log = MemoryLog::new(TimeSource::new(move || {
            let elapsed = i64::try_from(started.elapsed().as_micros()).unwrap();
            Timestamp::from_millis(MILLIS_AT_START)
                .plus_micros(elapsed)
                .plus_micros(offset.load(Ordering::SeqCst))
        }));
        Self { log, started, offset_micros }
    }

    /// What a right clock shows now.
    pub(super) fn now(&self) -> Timestamp {
        let elapsed = i64::try_from(self.started.elapsed().as_micros()).unwrap();
        Timestamp::from_millis(MILLIS_AT_START).plus_micros(elapsed)
    }

    /// Lets the log's clock go wrong by this much.
    pub(super) fn clock_is_off_by(&self, seconds: i64) {
        self.offset_micros.store(seconds * 1_000_000, Ordering::SeqCst);
    }

    pub(super) fn settings() -> LedgerSettings {
        LedgerSettings {
            name: NAME.to_owned(),
            heartbeat: Duration::from_secs(10),
            is_hashing_state: true,
        }
    }

    /// A process on this log, with faults and an index of its own, that has begun.
    pub(super) async fn process(&self) -> Process {
        let process = self.process_on(self.log.handle(), MemoryIndex::default()).await;
        process.ledger.has_begun(in_seconds(600)).await.unwrap();
        process
    }

    /// A process on this handle that may not have begun yet.
    pub(super) async fn process_on(&self, log: MemoryLog, index: MemoryIndex) -> Process {
        let reads = Unreliable::over(index.clone());
        self.process_with(log, index, reads).await
    }

    /// A process that keeps one index and reads another.
    pub(super) async fn process_with(
        &self,
        log: MemoryLog,
        index: MemoryIndex,
        reads: Unreliable,
    ) -> Process {
        let stopping = CancellationToken::new();
        let recorder = Recorder::default();
        let lagging = MemoryIndex::default();
        let folds: Vec<Box<dyn Fold>> =
            vec![Box::new(index.clone()), Box::new(lagging.clone()), Box::new(recorder.clone())];
        let folder = open(
            Arc::new(log.clone()),
            Arc::new(reads.clone()),
            Self::settings(),
            folds,
            stopping.clone(),
        )
        .await
        .unwrap();
        let ledger = folder.ledger();
        let running = tokio::spawn(folder.run());
        Process { ledger, log, index, reading: reads, lagging, folded: recorder, stopping, running }
    }

    /// The records of the log, with the commit that each is.
    pub(super) fn commits(&self) -> Vec<(Position, Commit)> {
        let records = self.log.records().into_iter();
        records
            .filter_map(|record| match decode(&record.bytes) {
                Ok(LedgerRecord::Commit(commit)) => Some((record.position, *commit)),
                Ok(LedgerRecord::Genesis(_) | LedgerRecord::Tick(_)) | Err(_) => None,
            })
            .collect()
    }

    pub(super) fn end(&self) -> Position {
        self.log.records().last().map_or(Position::GENESIS, |record| record.position.next())
    }
}

/// One process.
pub(super) struct Process {
    pub(super) ledger: Ledger,
    pub(super) log: MemoryLog,
    pub(super) index: MemoryIndex,
    /// How the index is asked.
    pub(super) reading: Unreliable,
    /// Another source, as the PDP's generations are.
    pub(super) lagging: MemoryIndex,
    pub(super) folded: Recorder,
    pub(super) stopping: CancellationToken,
    pub(super) running: JoinHandle<Result<(), LedgerError>>,
}

impl Process {
    pub(super) async fn execute(&self, command: &Take) -> Outcome {
        self.ledger.execute(&issuer(), command).await
    }

    /// Begins a command, and goes on.
    pub(super) fn begin(&self, command: Take) -> JoinHandle<Outcome> {
        let ledger = self.ledger.clone();
        let issuer = issuer();
        tokio::spawn(async move { ledger.execute(&issuer, &command).await })
    }

    /// Hides from this process all that is appended from now on.
    pub(super) fn sees_no_more(&self) {
        let next = self.ledger.progress().position.next();
        self.log.faults().hide_from(Some(next));
    }

    /// Ends [`Self::sees_no_more`], and waits until everything is folded.
    pub(super) async fn sees_all(&self) {
        self.log.faults().hide_from(None);
        self.has_folded_all().await;
    }

    pub(super) async fn has_folded_all(&self) {
        let last = self.log.records().last().unwrap().position;
        self.ledger.folded(last, in_seconds(60)).await.unwrap();
    }

    /// Why the folder stopped.
    pub(super) async fn stops(self) -> Result<(), LedgerError> {
        timeout(Duration::from_mins(1), self.running).await.unwrap().unwrap()
    }
}

pub(super) fn issuer() -> Issuer {
    Issuer { actor: Actor::operator(), reason: None, correlation: None, arrived: Instant::now() }
}

pub(super) fn in_seconds(seconds: u64) -> Instant {
    Instant::now() + Duration::from_secs(seconds)
}

/// Lets everything happen that can happen within this time.
pub(super) async fn pass_millis(millis: u64) {
    sleep(Duration::from_millis(millis)).await;
}

/// A fold that keeps what it is given.
#[derive(Clone, Default)]
pub(super) struct Recorder(Arc<Mutex<Vec<Folded>>>);

impl Recorder {
    pub(super) fn records(&self) -> Vec<Folded> {
        self.0.lock().unwrap().clone()
    }

    /// The verdicts in one word each.
    pub(super) fn verdicts(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().iter().map(|record| record.verdict.name()).collect()
    }

    /// The verdicts of commits only.
    pub(super) fn commit_verdicts(&self) -> Vec<&'static str> {
        let records = self.records();
        let is_commit = |record: &&Folded| matches!(record.record, Some(LedgerRecord::Commit(_)));
        records.iter().filter(is_commit).map(|record| record.verdict.name()).collect()
    }
}

impl Fold for Recorder {
    fn apply(&mut self, records: &[Folded]) {
        self.0.lock().unwrap().extend_from_slice(records);
    }
}
