//! One attempt at a decision: what it reads, and as of which position.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use fullmakt_events::{Authorization, Position, StreamName, Timestamp};
use sha2::{Digest, Sha256};
use tokio::time::{Instant, sleep, timeout_at};

use crate::{Ledger, StreamEvent, Unavailable, index::IndexSnapshot};

/// How long to wait for an index that lags behind.
const INDEX_AGAIN_AFTER: Duration = Duration::from_millis(5);

/// One attempt at a decision. It keeps account of all that the decision rests on.
#[derive(Debug)]
pub struct Attempt {
    ledger: Ledger,
    deadline: Instant,
    now: Timestamp,
    floor: Position,
    /// The lowest position among the sources read.
    as_of: Option<Position>,
    /// The highest position among the sources read.
    highest: Position,
    reads: BTreeSet<StreamName>,
    authorization: Option<Authorization>,
    /// Whether a source has not come as far as the fold says that it must.
    is_lagging: bool,
    /// For each stream loaded its last event and how many there are.
    loaded: BTreeMap<StreamName, Option<(Position, usize)>>,
}

impl Attempt {
    /// Begins an attempt that reads nothing older than `floor`.
    pub(crate) fn new(ledger: &Ledger, floor: Position, deadline: Instant) -> Self {
        Self {
            ledger: ledger.clone(),
            deadline,
            // One reading serves the whole decision.
            now: ledger.progress().ledger_time_now(),
            floor,
            as_of: None,
            highest: floor,
            reads: BTreeSet::new(),
            authorization: None,
            is_lagging: false,
            loaded: BTreeMap::new(),
        }
    }

    /// Ledger time of the decision.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// The position that every source has to have reached.
    #[must_use]
    pub const fn floor(&self) -> Position {
        self.floor
    }

    /// When nothing is decided any more.
    #[must_use]
    pub const fn deadline(&self) -> Instant {
        self.deadline
    }

    /// The events of one stream; none where it is empty, which is a fact as well.
    ///
    /// # Errors
    /// When the index cannot be read in time.
    pub async fn load(&mut self, stream: StreamName) -> Result<Arc<[StreamEvent]>, Unavailable> {
        let streams = self.load_all(std::slice::from_ref(&stream)).await?;
        Ok(streams.into_iter().next().unwrap_or_default())
    }

    /// The events of several streams, in their order, all as of one position.
    ///
    /// # Errors
    /// When the index cannot be read in time.
    pub async fn load_all(
        &mut self,
        streams: &[StreamName],
    ) -> Result<Vec<Arc<[StreamEvent]>>, Unavailable> {
        self.ledger.folded(self.floor, self.deadline).await?;
        // Nobody has to be asked for what was never written, or not since it was asked for.
        let kept = self.ledger.shared().histories.of(streams, &self.ledger.folds().admission);
        if let Some((position, events)) = kept {
            self.takes(position, streams, &events);
            return Ok(events);
        }
        loop {
            let loading = self.ledger.shared().index.load(streams);
            let snapshot = match timeout_at(self.deadline, loading).await {
                Ok(Ok(snapshot)) => snapshot,
                Ok(Err(_)) => return Err(Unavailable::IndexAway),
                Err(_) => return Err(Unavailable::NotDecided),
            };
            if let Some((position, events)) = self.with_tail(snapshot, streams) {
                let events: Vec<Arc<[StreamEvent]>> = events.into_iter().map(Arc::from).collect();
                for (stream, events) in streams.iter().zip(&events) {
                    self.ledger.shared().histories.keep(stream, events);
                }
                self.takes(position, streams, &events);
                return Ok(events);
            }
            // The index lags further behind than the tail reaches back: read again once something
            // more was folded, or the index has caught up meanwhile.
            if Instant::now() >= self.deadline {
                return Err(Unavailable::NotDecided);
            }
            sleep(INDEX_AGAIN_AFTER).await;
        }
    }

    /// Notes a source that was read elsewhere: it had reached `position`, and these streams were
    /// taken from it.
    ///
    /// It counts as being at the fold's position if none of them was written since.
    pub fn consult(&mut self, position: Position, streams: impl IntoIterator<Item = StreamName>) {
        let streams: Vec<StreamName> = streams.into_iter().collect();
        let folds = self.ledger.folds();
        let folded = folds.admission.position();
        let is_unchanged = !streams.is_empty()
            && streams.iter().all(|stream| {
                folds.admission.last_write(stream).is_none_or(|written| written <= position)
            });
        drop(folds);
        self.reads.extend(streams);
        let position = if is_unchanged { position.max(folded) } else { position };
        self.is_lagging |= position < self.floor.max(folded);
        self.source(position);
    }

    /// Notes the decision that allowed the command.
    pub fn authorized(&mut self, authorization: Authorization) {
        self.authorization = Some(authorization);
    }

    /// The lowest position among the sources read; without any, the position folded.
    pub(crate) fn as_of(&self) -> Position {
        self.as_of.unwrap_or_else(|| self.ledger.progress().position)
    }

    pub(crate) const fn highest(&self) -> Position {
        self.highest
    }

    /// Whether deciding afresh makes sense only once a source has come further.
    pub(crate) const fn is_lagging(&self) -> bool {
        self.is_lagging
    }

    pub(crate) const fn reads(&self) -> &BTreeSet<StreamName> {
        &self.reads
    }

    /// The hash of the state that was loaded, where the ledger is set to record it.
    ///
    /// Events never change, so that their number and the last one's position name a state.
    pub(crate) fn state_hash(&self) -> Option<String> {
        self.ledger.shared().is_hashing_state.then(|| {
            let mut hash = Sha256::new();
            for (stream, last) in &self.loaded {
                hash.update(format!("{stream} {last:?}\n"));
            }
            hex::encode(hash.finalize())
        })
    }

    pub(crate) fn into_parts(self) -> (Position, BTreeSet<StreamName>, Option<Authorization>) {
        (self.as_of(), self.reads, self.authorization)
    }

    /// Notes what was loaded.
    fn takes(&mut self, position: Position, streams: &[StreamName], events: &[Arc<[StreamEvent]>]) {
        for (stream, events) in streams.iter().zip(events) {
            let last = events.last().map(|event| (event.position, events.len()));
            self.loaded.insert(stream.clone(), last);
        }
        self.reads.extend(streams.iter().cloned());
        self.source(position);
    }

    fn source(&mut self, position: Position) {
        self.as_of = Some(self.as_of.map_or(position, |as_of| as_of.min(position)));
        self.highest = self.highest.max(position);
    }

    /// Joins what the index has with what only memory has yet.
    fn with_tail(
        &self,
        snapshot: IndexSnapshot,
        streams: &[StreamName],
    ) -> Option<(Position, Vec<Vec<StreamEvent>>)> {
        let mut folds = self.ledger.folds_mut();
        folds.tail.indexed(snapshot.checkpoint);
        let folded = folds.admission.position();
        if snapshot.checkpoint >= folded {
            return Some((snapshot.checkpoint, snapshot.streams));
        }
        let mut joined = snapshot.streams;
        for (events, stream) in joined.iter_mut().zip(streams) {
            let is_written_since = folds
                .admission
                .last_write(stream)
                .is_some_and(|written| written > snapshot.checkpoint);
            if is_written_since && !folds.tail.append_to(events, stream, snapshot.checkpoint) {
                return None;
            }
        }
        Some((folded, joined))
    }
}
