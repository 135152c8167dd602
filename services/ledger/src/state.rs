//! What the process knows of the ledger: shared by the folder, the writer and all readers.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Duration,
};

use fullmakt_eventlog::EventLog;
use fullmakt_events::{
    Admission, CommitId, Folded, LedgerId, LedgerRecord, Position, StreamName, Timestamp, Verdict,
    admission::is_stale,
};
use tokio::{
    sync::{oneshot, watch},
    time::{Instant, timeout_at},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{LedgerIndex, Unavailable, fairness::Fairness, tail::Tail, turns::Turns};

/// The longest that a process gives way to others on a stream.
const GIVES_WAY_MAX: Duration = Duration::from_millis(250);

/// How far the process has folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The position of the last record folded.
    pub position: Position,
    /// The ledger time there.
    pub ledger_time: Timestamp,
    /// When it was folded, by this process's monotonic clock.
    pub folded_at: Instant,
}

impl Progress {
    /// Ledger time by now: what was folded, and the time that has passed since.
    #[must_use]
    pub fn ledger_time_now(&self) -> Timestamp {
        let elapsed = i64::try_from(self.folded_at.elapsed().as_micros()).unwrap_or(i64::MAX);
        self.ledger_time.plus_micros(elapsed)
    }
}

/// The ledger in this process. Clones share it.
#[derive(Clone)]
pub struct Ledger {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) index: Arc<dyn LedgerIndex>,
    pub(crate) turns: Turns,
    pub(crate) settling: TaskTracker,
    pub(crate) stopping: CancellationToken,
    pub(crate) is_hashing_state: bool,
    id: LedgerId,
    folds: RwLock<Folds>,
    waiting: Mutex<HashMap<CommitId, oneshot::Sender<Settled>>>,
    progress: watch::Sender<Progress>,
    /// The position of this process's first tick, once it is appended.
    first_tick: watch::Sender<Option<Position>>,
}

/// The part of the state that changes with every record.
#[derive(Debug)]
pub(crate) struct Folds {
    pub(crate) admission: Admission,
    pub(crate) tail: Tail,
    pub(crate) fairness: Fairness,
    /// Running mean of the time from append to verdict.
    pub(crate) round_trip: Duration,
}

/// The verdict of the first copy of a commit, which settles all copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) position: Position,
    pub(crate) verdict: Verdict,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Ledger")
            .field("id", &self.shared.id)
            .field("progress", &self.progress())
            .finish_non_exhaustive()
    }
}

impl Ledger {
    pub(crate) fn new(
        log: Arc<dyn EventLog>,
        index: Arc<dyn LedgerIndex>,
        admission: Admission,
        is_hashing_state: bool,
        stopping: CancellationToken,
    ) -> Self {
        let progress = watch::Sender::new(Progress {
            position: admission.position(),
            ledger_time: admission.ledger_time(),
            folded_at: Instant::now(),
        });
        let shared = Shared {
            log,
            index,
            turns: Turns::default(),
            settling: TaskTracker::new(),
            stopping,
            is_hashing_state,
            id: admission.ledger(),
            folds: RwLock::new(Folds {
                admission,
                tail: Tail::default(),
                fairness: Fairness::default(),
                round_trip: Duration::from_millis(1),
            }),
            waiting: Mutex::default(),
            progress,
            first_tick: watch::Sender::new(None),
        };
        Self { shared: Arc::new(shared) }
    }

    /// The ledger's id.
    #[must_use]
    pub fn id(&self) -> LedgerId {
        self.shared.id
    }

    /// How far the process has folded.
    #[must_use]
    pub fn progress(&self) -> Progress {
        *self.shared.progress.borrow()
    }

    /// Follows how far the process has folded.
    #[must_use]
    pub fn follow(&self) -> watch::Receiver<Progress> {
        self.shared.progress.subscribe()
    }

    /// Whether the process has folded a record that is younger than `max_staleness`.
    ///
    /// The log's end is not asked for, since a leader that is cut off from its cluster can go on
    /// answering with an old one. `now` is this machine's clock, which tells a process that still
    /// reads old records; where it is wrong, the time since anything was folded still counts.
    #[must_use]
    pub fn is_fresh(&self, max_staleness: Duration, now: Timestamp) -> bool {
        let limit = i64::try_from(max_staleness.as_micros()).unwrap_or(i64::MAX);
        let progress = self.progress();
        progress.folded_at.elapsed() < max_staleness
            && now.micros_since(progress.ledger_time) < limit
    }

    /// The log's end: the position that the next record gets, as asked for now.
    ///
    /// # Errors
    /// When the log cannot be asked before the deadline.
    pub async fn end(&self, deadline: Instant) -> Result<Position, Unavailable> {
        match timeout_at(deadline, self.shared.log.end()).await {
            Ok(Ok(end)) => Ok(end),
            Ok(Err(_)) | Err(_) => Err(Unavailable::LogAway),
        }
    }

    /// Waits until the process has folded `position`.
    ///
    /// # Errors
    /// When it has not before the deadline.
    pub async fn folded(
        &self,
        position: Position,
        deadline: Instant,
    ) -> Result<Progress, Unavailable> {
        let mut follow = self.follow();
        let folded = follow.wait_for(|progress| progress.position >= position);
        match timeout_at(deadline, folded).await {
            Ok(Ok(progress)) => Ok(*progress),
            Ok(Err(_)) => Err(Unavailable::Stopping),
            Err(_) => Err(Unavailable::NotDecided),
        }
    }

    /// Notes the position of this process's first tick.
    pub(crate) fn begins_at(&self, first_tick: Position) {
        self.shared.first_tick.send_replace(Some(first_tick));
    }

    /// Waits until the process has folded its own first tick. Before that, ledger time here may be
    /// that of long ago, and a decision would be one of long ago.
    pub(crate) async fn has_begun(&self, deadline: Instant) -> Result<(), Unavailable> {
        let mut first_tick = self.shared.first_tick.subscribe();
        let position = match timeout_at(deadline, first_tick.wait_for(Option::is_some)).await {
            Ok(Ok(position)) => position.unwrap_or_default(),
            Ok(Err(_)) => return Err(Unavailable::Stopping),
            Err(_) => return Err(Unavailable::LogAway),
        };
        self.folded(position, deadline).await.map(|_| ())
    }

    /// Whether one of these streams was written after `as_of`, as far as is folded.
    #[must_use]
    pub fn is_written_after<'a>(
        &self,
        as_of: Position,
        streams: impl IntoIterator<Item = &'a StreamName>,
    ) -> bool {
        let folds = self.folds();
        streams
            .into_iter()
            .any(|stream| folds.admission.last_write(stream).is_some_and(|at| at > as_of))
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// The batches as they were folded, from the one with `position` on; nothing where it is no
    /// longer in memory.
    #[must_use]
    pub fn newest_since(&self, position: Position) -> Option<Vec<Arc<[Folded]>>> {
        self.folds().tail.since(position)
    }

    pub(crate) fn folds(&self) -> RwLockReadGuard<'_, Folds> {
        self.shared.folds.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn folds_mut(&self) -> RwLockWriteGuard<'_, Folds> {
        self.shared.folds.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes known that the records were folded: first who waits for a verdict, then everyone.
    pub(crate) fn publish(&self, records: &[Folded], progress: Progress) {
        for record in records {
            if let Some(LedgerRecord::Commit(commit)) = &record.record {
                let waiting = self.waiting().remove(&commit.id);
                self.folds_mut().fairness.count(record, commit, waiting.is_some());
                if let Some(waiting) = waiting {
                    // Whoever waited may have given up; the verdict stands all the same.
                    let _ = waiting.send(Settled {
                        position: record.position,
                        verdict: record.verdict.clone(),
                    });
                }
            }
        }
        self.shared.progress.send_replace(progress);
    }

    /// Waits until the commits under way are settled, or the deadline has passed.
    pub async fn drain(&self, deadline: Instant) {
        self.shared.settling.close();
        // What is not settled by then is settled by the log alone: its callers were told so.
        let _ = timeout_at(deadline, self.shared.settling.wait()).await;
    }

    /// Registers a commit whose verdict is waited for.
    pub(crate) fn expect(&self, commit: CommitId) -> oneshot::Receiver<Settled> {
        let (sender, receiver) = oneshot::channel();
        self.waiting().insert(commit, sender);
        receiver
    }

    /// Gives up waiting for a commit that was surely not appended.
    pub(crate) fn forget(&self, commit: CommitId) {
        self.waiting().remove(&commit);
    }

    /// Waits until no copy of a commit decided at this time can be admitted any more.
    pub(crate) async fn stale(&self, decided_at: Timestamp) -> Result<(), Unavailable> {
        let mut follow = self.follow();
        match follow.wait_for(|progress| is_stale(progress.ledger_time, decided_at)).await {
            Ok(_) => Ok(()),
            Err(_) => Err(Unavailable::Stopping),
        }
    }

    /// For how long this process gives way, if others lose more often on one of these streams: two
    /// round trips, and longer the more often they lost, since they may be further from the log.
    pub(crate) fn gives_way<'a>(
        &self,
        streams: impl IntoIterator<Item = &'a StreamName>,
    ) -> Option<Duration> {
        if self.folds().fairness.is_quiet() {
            return None;
        }
        let mut folds = self.folds_mut();
        let fairness = &mut folds.fairness;
        let losses =
            streams.into_iter().filter_map(|stream| fairness.give_way(stream.key())).max()?;
        let doubled = 2_u32.saturating_pow(losses.saturating_sub(1) / 2);
        Some(folds.round_trip.saturating_mul(doubled.saturating_mul(2)).min(GIVES_WAY_MAX))
    }

    /// Takes one more measurement of the time from append to verdict into the running mean.
    pub(crate) fn measured(&self, round_trip: Duration) {
        let mut folds = self.folds_mut();
        folds.round_trip = (folds.round_trip.saturating_mul(7).saturating_add(round_trip)) / 8;
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<CommitId, oneshot::Sender<Settled>>> {
        self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
