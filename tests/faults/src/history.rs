//! The ledger as a server tells it, and a naive fold of it.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use chrono::{DateTime, FixedOffset, TimeDelta};
use serde_json::Value;

use crate::{client::Asker, within};

/// How much ledger time may pass between a decision and its admission.
const STALE_AFTER: TimeDelta = TimeDelta::seconds(30);
/// How long a server may take until it tells the ledger up to a position.
const TOLD_WITHIN: Duration = Duration::from_secs(30);

/// A record of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Where it stands.
    pub position: u64,
    /// The server's verdict.
    pub verdict: String,
    /// The ledger time there.
    pub ledger_time: DateTime<FixedOffset>,
    /// The record.
    pub record: Value,
}

/// The ledger from its beginning.
#[derive(Debug, PartialEq)]
pub struct History(Vec<Entry>);

/// What became of a request, in a naive fold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Nobody has answered it.
    New,
    /// It was approved: there is a system user.
    Approved,
    /// It was approved, and the system user was deleted.
    Deleted,
    /// It was rejected.
    Rejected,
    /// It was taken back.
    Withdrawn,
}

impl Entry {
    /// The events of a commit; none of anything else.
    pub fn events(&self) -> &[Value] {
        self.record["events"].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// The first event of this type.
    pub fn event(&self, kind: &str) -> Option<&Value> {
        self.events().iter().find(|event| event["type"] == kind)
    }

    /// Whether it counts.
    pub fn is_admitted(&self) -> bool {
        self.verdict == "admitted"
    }

    /// The id of the request that it came of.
    pub fn correlation(&self) -> Option<&str> {
        self.record["correlation"].as_str()
    }
}

impl History {
    /// The ledger as one server tells it, at least up to this position.
    pub async fn told_by(asker: &Asker, member: usize, fresh: &str) -> Self {
        let mut read: Vec<Entry> = Vec::new();
        loop {
            let from = u64::try_from(read.len()).expect("they can be counted");
            let mut page = None;
            within(TOLD_WITHIN, "the server tells the ledger", async || {
                let found = asker.page(member, from, Some(fresh)).await;
                page = found.filter(|found| found.status == 200);
                page.is_some()
            })
            .await;
            let page = page.map(|page| entries(&page.body, from)).unwrap_or_default();
            if page.is_empty() {
                return Self(read);
            }
            read.extend(page);
        }
    }

    /// All records.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// The commits that count.
    pub fn admitted(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter().filter(|entry| entry.is_admitted() && !entry.events().is_empty())
    }

    /// How many commits have this verdict.
    pub fn count(&self, verdict: &str) -> usize {
        self.0.iter().filter(|entry| entry.verdict == verdict).count()
    }

    /// Leaves out what came after this many records, for the comparison with another telling.
    pub fn cut(&mut self, records: usize) {
        self.0.truncate(records);
    }

    /// Applies the admission rule, as naively as it can be put, and compares the verdicts.
    ///
    /// # Panics
    /// When one differs, or a commit counts twice.
    pub fn judge(&self) {
        let mut written: HashMap<&str, u64> = HashMap::new();
        let mut counted: HashMap<&str, u64> = HashMap::new();
        for entry in &self.0 {
            let record = &entry.record;
            let Some(as_of) = record["as_of"].as_u64() else {
                // The genesis and ticks; another genesis is void.
                let expected = if record["kind"] == "genesis" && entry.position > 0 {
                    "void"
                } else {
                    "admitted"
                };
                assert_eq!(entry.verdict, expected, "{entry:?}");
                continue;
            };
            let decided = time(&record["decided_at"]);
            let reads = record["reads"].as_array().expect("reads");
            let mut reads = reads.iter().map(|stream| stream.as_str().expect("a stream"));
            let verdict = if entry.ledger_time - decided > STALE_AFTER {
                "stale"
            } else if reads.any(|stream| written.get(stream).is_some_and(|last| *last > as_of)) {
                "superseded"
            } else {
                "admitted"
            };
            assert_eq!(entry.verdict, verdict, "{entry:?}");
            if verdict == "admitted" {
                let id = record["id"].as_str().expect("an id");
                let before = counted.insert(id, entry.position);
                assert_eq!(before, None, "a commit counts twice: {entry:?}");
                for event in entry.events() {
                    let stream = event["stream"].as_str().expect("a stream");
                    written.insert(stream, entry.position);
                }
            }
        }
    }

    /// What became of every request.
    ///
    /// # Panics
    /// When something happened to a request that cannot happen to it.
    pub fn fates(&self) -> BTreeMap<&str, Fate> {
        let mut fates = BTreeMap::new();
        for event in self.admitted().flat_map(Entry::events) {
            let kind = event["type"].as_str().expect("a type");
            let Some(id) = event["data"]["id"].as_str() else { continue };
            let before = fates.get(id).copied();
            let fate = match (kind, before) {
                ("system_user_request.created", None) => Fate::New,
                ("system_user_request.approved", Some(Fate::New))
                | ("system_user.created", Some(Fate::Approved)) => Fate::Approved,
                ("system_user_request.rejected", Some(Fate::New)) => Fate::Rejected,
                ("system_user_request.withdrawn", Some(Fate::New)) => Fate::Withdrawn,
                ("system_user.deleted", Some(Fate::Approved)) => Fate::Deleted,
                (kind, before) if kind.starts_with("system_user") => {
                    panic!("{kind} of {id}, which was {before:?}")
                }
                _ => continue,
            };
            fates.insert(id, fate);
        }
        fates
    }
}

/// The records of a page, which have to be those from this position on, each once and in order.
pub fn entries(page: &Value, from: u64) -> Vec<Entry> {
    let records = page["data"].as_array().unwrap_or_else(|| panic!("no page: {page}"));
    let entries = records.iter().zip(from..).map(|(record, expected)| {
        let position = record["position"].as_u64().expect("a position");
        assert_eq!(position, expected, "a position is missing, or is there twice");
        Entry {
            position,
            verdict: record["verdict"].as_str().expect("a verdict").to_owned(),
            ledger_time: time(&record["ledger_time"]),
            record: record["record"].clone(),
        }
    });
    entries.collect()
}

fn time(text: &Value) -> DateTime<FixedOffset> {
    let text = text.as_str().expect("a time");
    DateTime::parse_from_rfc3339(text).expect("a time of RFC 3339")
}
