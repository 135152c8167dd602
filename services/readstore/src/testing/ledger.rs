//! A ledger in memory, with the admission rule.

use std::fmt;

use fullmakt_events::{
    Actor, Admission, Commit, Event, FORMAT, Folded, Genesis, LedgerId, LedgerRecord, Position,
    RecordedEvent, StreamName, Tick, Timestamp, encode,
};
use uuid::Uuid;

/// A ledger: records are appended, judged and kept.
#[derive(Clone)]
pub struct TestLedger {
    admission: Admission,
    time: Timestamp,
    ids: u128,
    records: Vec<Folded>,
}

impl TestLedger {
    const NAME: &'static str = "test";

    /// The id of every test's ledger, unless the test gives it another.
    pub const ID: LedgerId = LedgerId::new(Uuid::from_u128(7));

    /// A ledger with its genesis.
    #[must_use]
    pub fn new() -> Self {
        Self::with_id(Self::ID)
    }

    /// A ledger of this id, with its genesis.
    ///
    /// # Panics
    /// Never: a genesis can be written.
    #[must_use]
    pub fn with_id(ledger: LedgerId) -> Self {
        let time = Timestamp::from_millis(1_700_000_000_000);
        let genesis = Genesis { ledger, name: Self::NAME.to_owned(), format: FORMAT };
        let bytes = encode(&LedgerRecord::Genesis(genesis)).expect("a genesis is small");
        let admission = Admission::begin(Position::GENESIS, time, &bytes, Self::NAME)
            .expect("a genesis begins a ledger");
        let records = vec![Folded::genesis(&admission, time, &bytes)];
        Self { admission, time, ids: 0, records }
    }

    /// All records.
    #[must_use]
    pub fn records(&self) -> &[Folded] {
        &self.records
    }

    /// All records, when no more are appended.
    #[must_use]
    pub fn into_records(self) -> Vec<Folded> {
        self.records
    }

    /// The position of the last record.
    #[must_use]
    pub fn position(&self) -> Position {
        self.admission.position()
    }

    /// The ledger time there.
    #[must_use]
    pub fn ledger_time(&self) -> Timestamp {
        self.admission.ledger_time()
    }

    /// Lets time pass.
    pub fn advance_seconds(&mut self, seconds: i64) {
        self.time = self.time.plus_seconds(seconds);
    }

    /// A commit of these events, decided now, that has read the streams it writes.
    ///
    /// # Panics
    /// Never: our events can be written.
    #[must_use]
    pub fn decided(&mut self, events: &[(StreamName, Event)]) -> Commit {
        self.ids += 1;
        let id = Uuid::from_u128(self.ids);
        let mut commit = Commit::new(id, self.admission.ledger(), self.time, Actor::operator());
        commit.as_of = self.position();
        commit.reads = events.iter().map(|(stream, _)| stream.clone()).collect();
        commit.events = events
            .iter()
            .map(|(stream, event)| RecordedEvent::new(stream.clone(), event))
            .collect::<Result<_, _>>()
            .expect("our events can be written");
        commit
    }

    /// Appends a commit of these events, decided now. It is admitted.
    pub fn commit(&mut self, events: &[(StreamName, Event)]) -> Position {
        let commit = self.decided(events);
        self.append_commit(commit)
    }

    /// Appends a commit, whatever its verdict.
    ///
    /// # Panics
    /// When the commit is too large.
    pub fn append_commit(&mut self, commit: Commit) -> Position {
        let record = LedgerRecord::Commit(Box::new(commit));
        self.append(&encode(&record).expect("a test's commit is small"))
    }

    /// Appends a tick.
    ///
    /// # Panics
    /// Never: a tick can be written.
    pub fn tick(&mut self) -> Position {
        self.ids += 1;
        let id = Uuid::from_u128(self.ids).into();
        let tick = Tick { id, ledger: self.admission.ledger() };
        self.append(&encode(&LedgerRecord::Tick(tick)).expect("a tick is small"))
    }

    /// Appends bytes, a millisecond later than the record before.
    ///
    /// # Panics
    /// When an admitted event cannot be read.
    pub fn append(&mut self, bytes: &[u8]) -> Position {
        self.time = self.time.plus_micros(1_000);
        let folded = Folded::fold(&mut self.admission, self.time, bytes)
            .expect("a test's events are of this release");
        self.records.push(folded);
        self.position()
    }
}

impl fmt::Debug for TestLedger {
    /// Each record in a line: place, time, verdict and events.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for record in &self.records {
            let verdict = record.verdict.name();
            writeln!(formatter, "{} {} {verdict}", record.position, record.ledger_time)?;
            for (stream, event) in &record.events {
                writeln!(formatter, "    {stream} {event:?}")?;
            }
        }
        Ok(())
    }
}

impl Default for TestLedger {
    fn default() -> Self {
        Self::new()
    }
}
