//! A record of the topic as a row of the index.

use fullmakt_access::record::{DecisionRecord, LogRecord, RecordKind, RecordedSubject};
use fullmakt_eventlog::{TopicPlace, TopicRecord};
use fullmakt_events::{DecisionId, OrgNumber, PartyId, ResourceId, Timestamp};
use uuid::Uuid;

/// A row of the index: what is looked for, and the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) id: DecisionId,
    pub(super) evaluated_at: Timestamp,
    pub(super) kind: RecordKind,
    pub(super) subject: Option<Uuid>,
    pub(super) party: Option<PartyId>,
    pub(super) resource: Option<ResourceId>,
    pub(super) outcome: Option<String>,
    pub(super) owner: Option<OrgNumber>,
    pub(super) place: TopicPlace,
    pub(super) append_time: Timestamp,
    pub(super) record: String,
}

/// What the topic holds is no record that this release knows.
#[derive(Debug, thiserror::Error)]
pub(super) enum EntryError {
    #[error("the record is not UTF-8")]
    Text(#[from] std::string::FromUtf8Error),
    #[error("the record is none that this release knows")]
    Record(#[from] serde_json::Error),
}

impl Entry {
    pub(super) fn read(record: &TopicRecord) -> Result<Self, EntryError> {
        let text = String::from_utf8(record.bytes.to_vec())?;
        let read = LogRecord::read(&text)?;
        let entry = Self {
            id: read.id(),
            evaluated_at: read.evaluated_at(),
            kind: read.kind(),
            subject: None,
            party: None,
            resource: None,
            outcome: None,
            owner: None,
            place: record.place,
            append_time: record.append_time,
            record: text,
        };
        Ok(match read {
            LogRecord::Decision(read) | LogRecord::Undecided(read) => entry.of_decision(&read),
            LogRecord::Delegation(read) => {
                let asked = read.delegation;
                let mut resources = asked.rights.into_keys();
                // A check of several resources is about none of them alone.
                let resource = resources.next().filter(|_| resources.next().is_none());
                let subject = Some(asked.giver.uuid());
                Self { subject, party: Some(asked.party), resource, ..entry }
            }
            LogRecord::Search(_) | LogRecord::Gap(_) => entry,
        })
    }

    fn of_decision(self, read: &DecisionRecord) -> Self {
        let request = &read.request;
        let subject = request.subject.map(|subject| match subject {
            RecordedSubject::Party(party) => party.uuid(),
            RecordedSubject::SystemUser(user) => user.uuid(),
        });
        Self {
            subject,
            party: request.party,
            resource: request.resource.as_deref().and_then(|resource| resource.parse().ok()),
            outcome: Some(read.decision.to_string()),
            owner: read.owner,
            ..self
        }
    }
}
