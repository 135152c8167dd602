//! The vocabulary of this crate's tests.

use uuid::Uuid;

use crate::{
    Actor, Admission, Commit, Event, FORMAT, Genesis, GrammarError, LedgerId, LedgerRecord,
    Position, RecordedEvent, StreamName, SystemId, Timestamp, decode, encode,
    event::{SystemDeleted, SystemEvent},
};

/// The name of the ledger.
pub(crate) const NAME: &str = "main";

/// What [`Admission::judge`] is given.
pub(crate) type Record = Result<LedgerRecord, GrammarError>;

/// The ledger of the tests.
pub(crate) fn ledger() -> LedgerId {
    Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0001).into()
}

/// A ledger that is not that of the tests.
pub(crate) fn other_ledger() -> LedgerId {
    Uuid::from_u128(2).into()
}

/// The moment this many milliseconds after the genesis.
pub(crate) fn at_millis(millis: i64) -> Timestamp {
    Timestamp::from_millis(1_795_000_000_000 + millis)
}

/// The moment this many seconds after the genesis.
pub(crate) fn at(seconds: i64) -> Timestamp {
    at_millis(seconds * 1_000)
}

/// The stream of this name.
pub(crate) fn stream(name: &str) -> StreamName {
    name.parse().unwrap()
}

/// The genesis of the ledger.
pub(crate) fn genesis() -> Genesis {
    Genesis { ledger: ledger(), name: NAME.to_owned(), format: FORMAT }
}

/// The rule after the genesis.
pub(crate) fn begin() -> Admission {
    let bytes = encode(&LedgerRecord::Genesis(genesis())).unwrap();
    Admission::begin(Position::GENESIS, at(0), &bytes, NAME).unwrap()
}

/// Some event.
pub(crate) fn event() -> Event {
    let id: SystemId = "991825827_smartcloud".parse().unwrap();
    SystemEvent::Deleted(SystemDeleted { id }).into()
}

/// A commit decided at a moment as of a position, that read these streams and writes one event to
/// each of those.
pub(crate) fn commit(decided_at: Timestamp, as_of: u64, reads: &[&str], writes: &[&str]) -> Commit {
    let id = Uuid::from_u128(0x0197_0000_0000_7000_8000_0000_0000_0002);
    let mut commit = Commit::new(id, ledger(), decided_at, Actor::operator());
    commit.as_of = Position::new(as_of);
    commit.reads = reads.iter().map(|name| stream(name)).collect();
    commit.events =
        writes.iter().map(|name| RecordedEvent::new(stream(name), &event()).unwrap()).collect();
    commit
}

/// The commit as it is read from the log.
pub(crate) fn record(commit: Commit) -> Record {
    decode(&encode(&LedgerRecord::Commit(Box::new(commit))).unwrap())
}
