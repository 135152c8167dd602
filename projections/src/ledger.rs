//! The ledger index: every record, and the events that count, by stream.

use std::sync::Arc;

use fullmakt_events::{
    ActorKind, ClientId, CommitId, Folded, LedgerRecord, OrgNumber, PartyId, Position, StreamKey,
    StreamName, SystemUserId, Timestamp, Verdict, VoidReason,
};

use crate::{sql::statements, storable::storable_text};

statements! { "ledger":
    /// Creates the tables.
    CREATE = "create",
    /// Adds the keys and indexes of the records.
    INDEX_RECORDS = "index_records",
    /// Adds the keys of the streams.
    INDEX_STREAMS = "index_streams",
    /// Adds the keys of the events.
    INDEX_EVENTS = "index_events",
    /// Adds the keys and indexes of the events of command streams.
    INDEX_COMMAND_EVENTS = "index_command_events",
    /// Adds records.
    INSERT_RECORDS = "insert_records",
    /// Counts new events of streams.
    ADVANCE_STREAMS = "advance_streams",
    /// Adds events.
    INSERT_EVENTS = "insert_events",
    /// Adds events of command streams.
    INSERT_COMMAND_EVENTS = "insert_command_events",
    /// Forgets events of command streams.
    FORGET_COMMAND_EVENTS = "forget_command_events",
    /// The events of some streams.
    LOAD_STREAMS = "load_streams",
    /// Records that answer a search, oldest first.
    SEARCH_OLDEST_FIRST = "search_oldest_first",
    /// Records that answer a search, newest first.
    SEARCH_NEWEST_FIRST = "search_newest_first",
    /// One record.
    RECORD = "record",
    /// The last position up to a time.
    POSITION_AT = "position_at",
    /// Checksum of the records.
    CHECKSUM_RECORDS = "checksum_records",
    /// Checksum of the streams.
    CHECKSUM_STREAMS = "checksum_streams",
    /// Checksum of the events.
    CHECKSUM_EVENTS = "checksum_events",
    /// Checksum of the events of command streams.
    CHECKSUM_COMMAND_EVENTS = "checksum_command_events",
}

/// The name of every table, with the statement that adds its keys and indexes.
pub const TABLES: &[(&str, crate::Statement)] = &[
    ("ledger_records", INDEX_RECORDS),
    ("ledger_streams", INDEX_STREAMS),
    ("ledger_events", INDEX_EVENTS),
    ("ledger_command_events", INDEX_COMMAND_EVENTS),
];

/// The most characters of an event's type that the index of types has. Those of commits that are
/// not admitted may have any length, and an index entry may not.
const TYPE_CHARS_MAX: usize = 100;

/// The most characters of the reason for a verdict.
const REASON_CHARS_MAX: usize = 500;

/// What a record is, by its bytes alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// It says which ledger this is.
    Genesis,
    /// A sign of life.
    Tick,
    /// The outcome of a command.
    Commit,
    /// No record by the grammar of the format.
    Unreadable,
}

/// A verdict without its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VerdictKind {
    /// It counts.
    Admitted,
    /// A stream that it read had been written.
    Superseded,
    /// It came too late.
    Stale,
    /// It is no valid record of the ledger.
    Void,
}

impl From<&Verdict> for VerdictKind {
    fn from(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Admitted => Self::Admitted,
            Verdict::Superseded { .. } => Self::Superseded,
            Verdict::Stale => Self::Stale,
            Verdict::Void(_) => Self::Void,
        }
    }
}

/// A row of `ledger_records`.
#[derive(Debug, Clone)]
pub struct RecordEntry {
    /// Where the record stands.
    pub position: Position,
    /// When it was appended, by the log's clock.
    pub append_time: Timestamp,
    /// The ledger time there.
    pub ledger_time: Timestamp,
    /// What it is.
    pub kind: RecordKind,
    /// What the admission rule says of it.
    pub verdict: VerdictKind,
    /// Why it does not count.
    pub reason: Option<String>,
    /// The id of a commit or tick.
    pub commit: Option<CommitId>,
    /// What only commits have.
    pub decided: Option<Decided>,
    /// The record's bytes.
    pub bytes: Arc<[u8]>,
}

impl RecordEntry {
    /// The keys of streams by which the record is found. A commit that counts is found by its
    /// events, but for those of command streams, which are forgotten.
    pub fn stream_keys(&self) -> impl Iterator<Item = StreamKey> {
        let streams = self.decided.iter().flat_map(|decided| &decided.streams);
        let is_admitted = self.verdict == VerdictKind::Admitted;
        streams
            .filter(move |stream| !is_admitted || stream.category() == StreamName::COMMAND)
            .map(StreamName::key)
    }
}

/// What the index holds of a commit, whether it counts or not.
#[derive(Debug, Clone)]
pub struct Decided {
    /// The position it was decided as of.
    pub as_of: Position,
    /// What kind of caller gave the command.
    pub actor_kind: ActorKind,
    /// The caller's organisation.
    pub actor_org: Option<OrgNumber>,
    /// The person.
    pub actor_party: Option<PartyId>,
    /// The system user.
    pub actor_system_user: Option<SystemUserId>,
    /// The token issuer's client id.
    pub actor_client: Option<ClientId>,
    /// The types of its events, each once.
    pub event_types: Vec<String>,
    /// The streams of its events, each once.
    pub streams: Vec<StreamName>,
}

/// An event that counts, as the ledger holds it.
#[derive(Debug, Clone, Copy)]
pub struct EventEntry<'a> {
    /// The stream it belongs to.
    pub stream: &'a StreamName,
    /// The position of its commit.
    pub position: Position,
    /// Its index in the commit.
    pub index: u32,
    /// The ledger time there.
    pub ledger_time: Timestamp,
    /// Its wire name.
    pub kind: &'a str,
    /// The schema version of its data.
    pub schema: u16,
    /// Its data, JSON.
    pub data: &'a str,
}

/// What the index holds of a record.
#[must_use]
pub fn record_entry(folded: &Folded) -> RecordEntry {
    let (kind, commit, decided) = match &folded.record {
        None => (RecordKind::Unreadable, None, None),
        Some(LedgerRecord::Genesis(_)) => (RecordKind::Genesis, None, None),
        Some(LedgerRecord::Tick(tick)) => (RecordKind::Tick, Some(tick.id), None),
        Some(LedgerRecord::Commit(commit)) => {
            let types = commit.events.iter().map(|event| text(&event.kind, TYPE_CHARS_MAX));
            let streams = commit.events.iter().map(|event| event.stream.clone());
            let decided = Decided {
                as_of: commit.as_of,
                actor_kind: commit.actor.kind,
                actor_org: commit.actor.org,
                actor_party: commit.actor.party,
                actor_system_user: commit.actor.system_user,
                actor_client: commit.actor.client_id.clone(),
                event_types: distinct(types),
                streams: distinct(streams),
            };
            (RecordKind::Commit, Some(commit.id), Some(decided))
        }
    };
    RecordEntry {
        position: folded.position,
        append_time: folded.append_time,
        ledger_time: folded.ledger_time,
        kind,
        verdict: (&folded.verdict).into(),
        reason: reason(&folded.verdict).map(|reason| text(&reason, REASON_CHARS_MAX)),
        commit,
        decided,
        bytes: Arc::clone(&folded.bytes),
    }
}

/// The events of a record that count.
pub fn event_entries(folded: &Folded) -> impl Iterator<Item = EventEntry<'_>> {
    let events = match (&folded.verdict, &folded.record) {
        (Verdict::Admitted, Some(LedgerRecord::Commit(commit))) => commit.events.as_slice(),
        (Verdict::Admitted | Verdict::Superseded { .. } | Verdict::Stale | Verdict::Void(_), _) => {
            &[]
        }
    };
    (0_u32..).zip(events).map(|(index, event)| EventEntry {
        stream: &event.stream,
        position: folded.position,
        index,
        ledger_time: folded.ledger_time,
        kind: &event.kind,
        schema: event.schema,
        data: event.data.get(),
    })
}

fn reason(verdict: &Verdict) -> Option<String> {
    match verdict {
        Verdict::Admitted | Verdict::Stale => None,
        Verdict::Superseded { stream } => Some(format!("`{stream}` was written meanwhile")),
        Verdict::Void(VoidReason::Grammar(error)) => Some(error.to_string()),
        Verdict::Void(
            reason @ (VoidReason::OtherLedger(_)
            | VoidReason::GenesisElsewhere
            | VoidReason::AsOfNotBefore { .. }),
        ) => Some(reason.to_string()),
    }
}

/// The text as PostgreSQL can hold it, and no longer than so many characters.
fn text(text: &str, chars_max: usize) -> String {
    storable_text(text).chars().take(chars_max).collect()
}

fn distinct<T: PartialEq + Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort();
    items.dedup();
    items
}

#[cfg(test)]
mod tests;
