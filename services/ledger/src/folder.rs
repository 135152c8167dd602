//! The one folder of a process: reads the log, judges each record, feeds every fold.

use std::{sync::Arc, time::Duration};

use fullmakt_eventlog::{AppendError, EventLog, LogReader, ReadError, ReadLimits, Record};
use fullmakt_events::{
    Admission, FORMAT, FoldError, Folded, Genesis, LedgerId, LedgerRecord, Position, Verdict,
    encode,
};
use tokio::{
    sync::mpsc,
    time::{Instant, sleep},
};
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};
use tracing::{error, info, warn};
use uuid::Uuid;

use crate::{Fold, Ledger, LedgerError, LedgerIndex, Progress};

/// How long one read waits for records.
pub(crate) const READ_WAIT: Duration = Duration::from_millis(500);
/// How long to wait before a log that is away is asked again.
const RETRY_AFTER: Duration = Duration::from_millis(200);

/// How the process takes part in the ledger.
#[derive(Debug, Clone)]
pub struct LedgerSettings {
    /// The ledger's name, which its genesis has to say.
    pub name: String,
    /// For how long the ledger may be idle before this process appends a tick.
    pub heartbeat: Duration,
    /// Whether commits carry the hash of the state they were decided on, as tests and simulations
    /// want it.
    pub is_hashing_state: bool,
}

/// Reads the log for as long as the process runs.
pub struct Folder {
    ledger: Ledger,
    settings: LedgerSettings,
    folds: Vec<Box<dyn Fold>>,
    feeds: Vec<mpsc::Sender<Arc<[Folded]>>>,
    /// What feeds are given before anything is read: the genesis, if the folder began there.
    first: Option<Arc<[Folded]>>,
    /// The last record folded, by which the log is known again after a reconnect.
    last: (Position, Arc<[u8]>),
}

/// Where a folder begins.
pub(crate) enum Beginning {
    /// At the genesis, with these folds in memory.
    Genesis(Folded, Vec<Box<dyn Fold>>),
    /// After the record with these bytes.
    Snapshot(Arc<[u8]>),
}

/// Opens the ledger in this log, and begins it where the log is empty.
///
/// The folds in memory are given the genesis at once, and nothing more before [`Folder::run`]: add
/// the feeds first.
///
/// # Errors
/// When the log holds something else than the ledger of this name.
pub async fn open(
    log: Arc<dyn EventLog>,
    index: Arc<dyn LedgerIndex>,
    settings: LedgerSettings,
    folds: Vec<Box<dyn Fold>>,
    stopping: CancellationToken,
) -> Result<Folder, LedgerError> {
    let record = first_record(log.as_ref(), &settings, &stopping).await?;
    let admission =
        Admission::begin(record.position, record.append_time, &record.bytes, &settings.name)
            .map_err(LedgerError::Genesis)?;
    let genesis = Folded::genesis(&admission, record.append_time, &record.bytes);
    let beginning = Beginning::Genesis(genesis, folds);
    Ok(Folder::new(log, index, settings, admission, beginning, stopping))
}

impl Folder {
    /// The ledger that this folder keeps.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.ledger.clone()
    }

    /// Adds a channel that is given every record: from position 0 on, or from the one after the
    /// snapshot. Where it is full the folder waits for it, so that memory has a bound.
    pub fn add_feed(&mut self, feed: mpsc::Sender<Arc<[Folded]>>) {
        self.feeds.push(feed);
    }

    /// Folds until the process stops.
    ///
    /// # Errors
    /// When the log is not the one that was read before, or holds what this release cannot read:
    /// the process has to stop.
    pub async fn run(mut self) -> Result<(), LedgerError> {
        let heartbeat = crate::heartbeat::run(self.ledger.clone(), self.settings.heartbeat);
        let _heartbeat = AbortOnDropHandle::new(tokio::spawn(heartbeat));
        let stopping = self.ledger.shared().stopping.clone();
        let folded = tokio::select! {
            folded = self.fold_all() => folded,
            () = stopping.cancelled() => Ok(()),
        };
        if let Err(error) = &folded {
            error!(error = error as &dyn std::error::Error, "the ledger cannot be folded further");
        }
        folded
    }

    pub(crate) fn new(
        log: Arc<dyn EventLog>,
        index: Arc<dyn LedgerIndex>,
        settings: LedgerSettings,
        admission: Admission,
        beginning: Beginning,
        stopping: CancellationToken,
    ) -> Self {
        let position = admission.position();
        let (first, bytes, folds) = match beginning {
            Beginning::Genesis(genesis, mut folds) => {
                let bytes = Arc::clone(&genesis.bytes);
                let first: Arc<[Folded]> = Arc::new([genesis]);
                for fold in &mut folds {
                    fold.apply(&first);
                }
                (Some(first), bytes, folds)
            }
            Beginning::Snapshot(bytes) => (None, bytes, Vec::new()),
        };
        let ledger = Ledger::new(log, index, admission, settings.is_hashing_state, stopping);
        Self { ledger, settings, folds, feeds: Vec::new(), first, last: (position, bytes) }
    }

    async fn fold_all(&mut self) -> Result<(), LedgerError> {
        if let Some(first) = self.first.take() {
            self.feed(first).await;
        }
        let mut reader: Option<Box<dyn LogReader>> = None;
        loop {
            let read = match reader.as_mut() {
                Some(reader) => reader.next(READ_WAIT).await,
                None => match self.open_reader().await? {
                    Some(opened) => {
                        reader = Some(opened);
                        continue;
                    }
                    None => continue,
                },
            };
            match read {
                Ok(records) if records.is_empty() => {}
                Ok(records) => self.fold_batch(&records).await?,
                Err(error) => {
                    away_or_other(error)?;
                    reader = None;
                }
            }
        }
    }

    /// Opens a reader after the last record folded, and compares that record with the log's.
    async fn open_reader(&self) -> Result<Option<Box<dyn LogReader>>, LedgerError> {
        let log = &self.ledger.shared().log;
        let (position, bytes) = &self.last;
        let opened = async {
            let last = log.read(*position, ReadLimits::ONE, READ_WAIT).await?;
            let reader = log.reader(position.next(), ReadLimits::default()).await?;
            Ok((last, reader))
        };
        match opened.await {
            Ok((last, reader)) => match last.first() {
                Some(record) if record.bytes == bytes.as_ref() => Ok(Some(reader)),
                Some(_) => Err(LedgerError::HashMismatch { position: *position }),
                None => Ok(None),
            },
            Err(error) => {
                away_or_other(error)?;
                sleep(RETRY_AFTER).await;
                Ok(None)
            }
        }
    }

    async fn fold_batch(&mut self, records: &[Record]) -> Result<(), LedgerError> {
        let (batch, broken) = self.judge(records);
        if let Some(last) = batch.last() {
            self.last = (last.position, Arc::clone(&last.bytes));
            for fold in &mut self.folds {
                fold.apply(&batch);
            }
            let progress = Progress {
                position: last.position,
                ledger_time: last.ledger_time,
                folded_at: Instant::now(),
            };
            self.ledger.publish(&batch, progress);
            self.feed(batch).await;
        }
        broken.map_or(Ok(()), |error| Err(LedgerError::Fold(error)))
    }

    /// Judges records until the end, or until one that this release cannot read.
    fn judge(&self, records: &[Record]) -> (Arc<[Folded]>, Option<FoldError>) {
        let mut folds = self.ledger.folds_mut();
        let mut batch = Vec::with_capacity(records.len());
        let mut broken = None;
        for record in records {
            match Folded::fold(&mut folds.admission, record.append_time, &record.bytes) {
                Ok(folded) => batch.push(folded),
                Err(error) => {
                    broken = Some(error);
                    break;
                }
            }
        }
        let batch: Arc<[Folded]> = batch.into();
        folds.tail.push(&batch);
        drop(folds);
        for record in batch.iter() {
            count(record);
        }
        (batch, broken)
    }

    async fn feed(&self, batch: Arc<[Folded]>) {
        for feed in &self.feeds {
            // A feed that is closed is that of a part of the process which has stopped, and stops
            // the process by itself.
            let _ = feed.send(Arc::clone(&batch)).await;
        }
    }
}

fn count(record: &Folded) {
    metrics::counter!("ledger_records_total", "verdict" => record.verdict.name()).increment(1);
    if let Verdict::Void(reason) = &record.verdict {
        let position = record.position;
        error!(
            ledger.position = %position,
            reason = reason as &dyn std::error::Error,
            "the record at {position} is void: somebody writes to this log who should not"
        );
    }
}

/// An error that passes, or the reason to stop.
fn away_or_other(error: ReadError) -> Result<(), LedgerError> {
    match error {
        ReadError::Unavailable(cause) => {
            warn!(error = cause.as_ref() as &dyn std::error::Error, "the log cannot be read");
            Ok(())
        }
        ReadError::TruncatedBelow { .. }
        | ReadError::BeyondEnd { .. }
        | ReadError::Gap { .. }
        | ReadError::Replaced => Err(LedgerError::Log(error)),
    }
}

/// The first record that was read. There is none where the log has not given it yet, and where the
/// log is away, after a little: it is to be read again.
pub(crate) async fn first_of(
    read: Result<Vec<Record>, ReadError>,
    stopping: &CancellationToken,
) -> Result<Option<Record>, LedgerError> {
    match read {
        Ok(records) => Ok(records.into_iter().next()),
        Err(error) if stopping.is_cancelled() => Err(LedgerError::Log(error)),
        Err(error) => {
            away_or_other(error)?;
            sleep(RETRY_AFTER).await;
            Ok(None)
        }
    }
}

/// The record at position 0, which is appended first where the log is empty.
///
/// Two processes that begin a ledger at the same time both append a genesis: the one at position 0
/// counts for both, the other is void.
async fn first_record(
    log: &dyn EventLog,
    settings: &LedgerSettings,
    stopping: &CancellationToken,
) -> Result<Record, LedgerError> {
    let mut is_appended = false;
    loop {
        let read = match log.end().await {
            // An end of 0 may be an old answer; what the log holds at 0 counts.
            Ok(Position::GENESIS) if !is_appended => match begin(log, &settings.name).await {
                Ok(()) => {
                    is_appended = true;
                    continue;
                }
                Err(error) => Err(ReadError::unavailable(error)),
            },
            Ok(_) => log.read(Position::GENESIS, ReadLimits::ONE, READ_WAIT).await,
            Err(error) => Err(error),
        };
        if let Some(record) = first_of(read, stopping).await? {
            return Ok(record);
        }
    }
}

async fn begin(log: &dyn EventLog, name: &str) -> Result<(), AppendError> {
    let ledger = LedgerId::new(Uuid::now_v7());
    let genesis = Genesis { ledger, name: name.to_owned(), format: FORMAT };
    let bytes = encode(&LedgerRecord::Genesis(genesis)).map_err(AppendError::unavailable)?;
    log.append(bytes.into()).await?;
    info!(ledger.name = name, "a new ledger begins");
    Ok(())
}
