//! What the decision log holds: all that an answer depended on, so that it can be computed again.
//!
//! Records are a format that outlives releases: members are added, and never change their meaning.
//! National identity numbers are replaced before a record is written.

mod delegation;
mod fingerprint;
mod search;

use std::{borrow::Cow, collections::BTreeMap};

use fullmakt_events::{
    Actor, DecisionId, LedgerId, OrgNumber, PartyId, Position, SystemUserId, Timestamp,
};
use fullmakt_projections::graph::AccessGraph;
use fullmakt_xacml::{Limits, Notice, Request, RequestDocument, RequestError, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use delegation::{Delegation, DelegationRecord, RightChecked};
pub use fingerprint::fingerprint;
pub use search::{SearchMade, SearchRecord};

use crate::{AccessDecision, Question, Subject};

/// The version of the engine's semantics. Raised when the same inputs could give another answer.
pub const ENGINE: &str = "fullmakt-xacml/3";
/// The mode of matching in which policies are read as the standard says.
pub const STRICT: &str = "strict";

/// One record of the decision log.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LogRecord {
    /// A decision.
    Decision(DecisionRecord),
    /// An answer to a request that names what is not there: nothing could be decided about.
    Undecided(DecisionRecord),
    /// A check of what may be given on.
    Delegation(DelegationRecord),
    /// A page of a search.
    Search(SearchRecord),
    /// Records that were left out.
    Gap(GapRecord),
}

/// A decision, and all that it depended on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// Its id.
    pub id: DecisionId,
    /// Who asked.
    pub caller: Option<Actor>,
    /// The request that it belongs to.
    pub correlation: Option<String>,
    /// The ledger.
    pub ledger: LedgerId,
    /// The position that it was computed at.
    pub position: Position,
    /// The time that it was made for.
    pub evaluated_at: Timestamp,
    /// The version of the engine's semantics.
    pub engine: Cow<'static, str>,
    /// How targets were matched.
    pub matching: Cow<'static, str>,
    /// What was asked.
    pub request: RecordedRequest,
    /// The organisation that owned the resource.
    pub owner: Option<OrgNumber>,
    /// The hash of the resource's policy.
    pub policy: Option<String>,
    /// The hash of each catalogue's version, by name.
    pub catalogues: BTreeMap<String, String>,
    /// The hash of the facts that were weighed.
    pub facts: String,
    /// The decision.
    pub decision: Cow<'static, str>,
    /// How it came about, in the standard's terms.
    pub status: Cow<'static, str>,
    /// What the enforcement point must do.
    pub obligations: Value,
    /// Why, in one word.
    pub reason: Cow<'static, str>,
    /// How many of the values that the answer depends on are not in the record, since they held a
    /// national identity number.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub withheld: u32,
}

/// What was asked, as far as it was understood.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordedRequest {
    /// Who acts.
    pub subject: Option<RecordedSubject>,
    /// The party that is represented.
    pub party: Option<PartyId>,
    /// The resource.
    pub resource: Option<String>,
    /// What is to be done.
    pub action: Option<String>,
    /// All attributes, those of the environment included: a request of the XACML JSON profile, where
    /// parties stand in the place of persons' numbers.
    pub xacml: Value,
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordedSubject {
    /// A person or an organisation.
    Party(PartyId),
    /// A system user.
    SystemUser(SystemUserId),
}

/// Records that are not in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapRecord {
    /// Its id.
    pub id: DecisionId,
    /// How many records were left out.
    pub gap: u64,
    /// The first time that a record which was left out was made for.
    pub since: Timestamp,
    /// The last one.
    pub until: Timestamp,
}

impl LogRecord {
    /// Reads a record.
    ///
    /// # Errors
    /// When the text is none that this release knows.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        #[derive(Deserialize)]
        struct Kind {
            kind: RecordKind,
        }
        Ok(match serde_json::from_str::<Kind>(text)?.kind {
            RecordKind::Decision => Self::Decision(serde_json::from_str(text)?),
            RecordKind::Undecided => Self::Undecided(serde_json::from_str(text)?),
            RecordKind::Delegation => Self::Delegation(serde_json::from_str(text)?),
            RecordKind::Search => Self::Search(serde_json::from_str(text)?),
            RecordKind::Gap => Self::Gap(serde_json::from_str(text)?),
        })
    }

    /// What it is a record of.
    #[must_use]
    pub const fn kind(&self) -> RecordKind {
        match self {
            Self::Decision(_) => RecordKind::Decision,
            Self::Undecided(_) => RecordKind::Undecided,
            Self::Delegation(_) => RecordKind::Delegation,
            Self::Search(_) => RecordKind::Search,
            Self::Gap(_) => RecordKind::Gap,
        }
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> DecisionId {
        match self {
            Self::Decision(record) | Self::Undecided(record) => record.id,
            Self::Delegation(record) => record.id,
            Self::Search(record) => record.id,
            Self::Gap(record) => record.id,
        }
    }

    /// The time that the answer was made for; of a gap, the last one.
    #[must_use]
    pub const fn evaluated_at(&self) -> Timestamp {
        match self {
            Self::Decision(record) | Self::Undecided(record) => record.evaluated_at,
            Self::Delegation(record) => record.evaluated_at,
            Self::Search(record) => record.evaluated_at,
            Self::Gap(record) => record.until,
        }
    }
}

/// What a record is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// A decision.
    Decision,
    /// An answer to a request that names what is not there.
    Undecided,
    /// A check of what may be given on.
    Delegation,
    /// A page of a search.
    Search,
    /// Records that were left out.
    Gap,
}

impl RecordKind {
    /// The name in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Undecided => "undecided",
            Self::Delegation => "delegation",
            Self::Search => "search",
            Self::Gap => "gap",
        }
    }
}

impl DecisionRecord {
    /// The record with what was decided.
    #[must_use]
    pub fn with_answer(self, access: &AccessDecision) -> Self {
        Self {
            facts: fingerprint(&access.facts),
            decision: access.decision.name().into(),
            status: status(access.status.code).into(),
            obligations: obligations(&access.obligations),
            reason: access.reason.code().into(),
            ..self
        }
    }
}

impl RecordedRequest {
    /// What a question asks.
    #[must_use]
    pub fn of(question: &Question) -> Self {
        Self {
            subject: question.subject.map(|subject| match subject {
                Subject::Party(party) => RecordedSubject::Party(party),
                Subject::SystemUser(user) => RecordedSubject::SystemUser(user),
            }),
            party: question.party,
            resource: Some(question.resource.as_str().to_owned()),
            action: Some(question.action.clone()),
            xacml: question.request.to_json(),
        }
    }

    /// The question that was asked for this time, if the record is one of a question.
    ///
    /// # Errors
    /// When the attributes are no request, or ask for several decisions.
    pub fn question(&self, at: Timestamp) -> Result<Option<Question>, RequestError> {
        let (Some(resource), Some(action)) = (&self.resource, &self.action) else {
            return Ok(None);
        };
        let Ok(resource) = resource.parse() else { return Ok(None) };
        let Some(request) = self.attributes()? else { return Ok(None) };
        Ok(Some(Question {
            subject: self.subject.map(|subject| match subject {
                RecordedSubject::Party(party) => Subject::Party(party),
                RecordedSubject::SystemUser(user) => Subject::SystemUser(user),
            }),
            resource,
            action: action.clone(),
            party: self.party,
            at,
            request,
        }))
    }

    /// What was read once is within the limits, and written here in more words.
    fn attributes(&self) -> Result<Option<Request>, RequestError> {
        let limits = Limits { bytes: usize::MAX, values: usize::MAX, ..Limits::default() };
        let document = RequestDocument::from_json(&self.xacml.to_string(), &limits)?;
        let mut requests = document.individual_requests(&limits)?;
        let first = if requests.len() == 1 { requests.pop() } else { None };
        Ok(first.and_then(Result::ok))
    }
}

/// The hash of each catalogue's version, by name.
#[must_use]
pub fn catalogues(graph: &AccessGraph) -> BTreeMap<String, String> {
    let versions = graph.catalogue().versions();
    versions.map(|(name, hash)| (name.to_owned(), hash.to_owned())).collect()
}

/// A status as records name it: the last part of the standard's identifier.
#[must_use]
pub fn status(code: StatusCode) -> &'static str {
    code.id().rsplit(':').next().unwrap_or_default()
}

fn obligations(obligations: &[Notice]) -> Value {
    let assignments = |notice: &Notice| -> Vec<Value> {
        let assignments = notice.assignments.iter();
        assignments
            .map(|assignment| {
                json!({
                    "id": assignment.attribute_id,
                    "category": assignment.category,
                    "value": assignment.value.to_string(),
                })
            })
            .collect()
    };
    obligations
        .iter()
        .map(|notice| json!({ "id": notice.id, "assignments": assignments(notice) }))
        .collect()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde wants")]
const fn is_zero(count: &u32) -> bool {
    *count == 0
}
