//! The records of the ledger: genesis, tick and commit.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::{
    ClientId, CommitId, DecisionId, Event, LedgerId, OrgNumber, PartyId, Position, StreamName,
    SystemUserId, Timestamp, codec::strict,
};

/// The format of the ledger that this release writes. Until the first release it is 0, and its
/// golden files may still change.
pub const FORMAT: u32 = 0;

/// One record of the ledger.
#[derive(Debug, Clone)]
pub enum LedgerRecord {
    /// The record at position 0.
    Genesis(Genesis),
    /// A sign that the log is alive.
    Tick(Tick),
    /// The outcome of a command.
    Commit(Box<Commit>),
}

/// The record at position 0: it says which ledger this is, and in which format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Genesis {
    /// The ledger's id, which every other record names.
    #[serde(deserialize_with = "strict::canonical")]
    pub ledger: LedgerId,
    /// The ledger's name, from configuration.
    pub name: String,
    /// The format of all records of this ledger.
    pub format: u32,
}

/// A record without effect, appended while the ledger is idle, that shows that the log is alive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tick {
    /// This tick's id.
    #[serde(deserialize_with = "strict::canonical")]
    pub id: CommitId,
    /// The ledger it is meant for.
    #[serde(deserialize_with = "strict::canonical")]
    pub ledger: LedgerId,
}

/// The outcome of a command: the events decided, and what they were decided on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commit {
    /// This commit's id; its copies share it.
    #[serde(deserialize_with = "strict::canonical")]
    pub id: CommitId,
    /// The ledger it is meant for.
    #[serde(deserialize_with = "strict::canonical")]
    pub ledger: LedgerId,
    /// Ledger time when it was decided. No copy takes effect more than 30 s of ledger time later.
    #[serde(deserialize_with = "strict::canonical")]
    pub decided_at: Timestamp,
    /// Who gave the command.
    #[serde(deserialize_with = "strict::object")]
    pub actor: Actor,
    /// The decision that allowed it, where the PDP was asked.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "strict::object_or_null"
    )]
    pub authorization: Option<Authorization>,
    /// Why, where the actor said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The request that it belongs to, as the caller or the edge named it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<String>,
    /// The position of the record that caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation: Option<Position>,
    /// The lowest position among the sources the decision read.
    pub as_of: Position,
    /// Every stream that was consulted, found or empty.
    pub reads: Vec<StreamName>,
    /// What happens if the commit is admitted, in this order.
    #[serde(deserialize_with = "strict::objects")]
    pub events: Vec<RecordedEvent>,
    /// The hash of the state that was decided on (hexadecimal). Tests and simulations write it, to
    /// show that a commit is admitted only on exactly the state it was decided on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_hash: Option<String>,
}

/// An event as it stands in a commit: its data is read only where it is used.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedEvent {
    /// The stream it belongs to.
    pub stream: StreamName,
    /// Its wire name, such as `system.registered`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The schema version of its data.
    pub schema: u16,
    /// Its data.
    pub data: Box<RawValue>,
}

impl RecordedEvent {
    /// The event on this stream, in its newest schema.
    ///
    /// # Errors
    /// When the data could not be read back, as JSON from outside that is nested too deeply.
    pub fn new(stream: StreamName, event: &Event) -> Result<Self, serde_json::Error> {
        Ok(Self {
            stream,
            kind: event.wire_name().to_owned(),
            schema: event.schema(),
            data: event.to_data()?,
        })
    }
}

/// The decision that allowed a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorization {
    /// The decision's id in the decision log.
    #[serde(deserialize_with = "strict::canonical")]
    pub decision: DecisionId,
    /// The position it was computed at.
    pub position: Position,
}

/// Who gave a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// What kind of caller it was.
    pub kind: ActorKind,
    /// The organisation that the caller's token was issued to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<OrgNumber>,
    /// The person who was logged in.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "strict::canonical_or_null"
    )]
    pub party: Option<PartyId>,
    /// The system user that the token was issued as.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "strict::canonical_or_null"
    )]
    pub system_user: Option<SystemUserId>,
    /// The token issuer's client id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// The scopes of the token.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
}

/// The kinds of callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// An organisation's software, with a token issued to the organisation.
    SystemProvider,
    /// A person who is logged in.
    Person,
    /// A system, as the system user of a customer.
    SystemUser,
    /// A component of the platform.
    Platform,
    /// Somebody at the command line of the installation.
    Operator,
}

impl Actor {
    /// The actor of commands given at the installation's own command line.
    #[must_use]
    pub const fn operator() -> Self {
        Self {
            kind: ActorKind::Operator,
            org: None,
            party: None,
            system_user: None,
            client_id: None,
            scopes: Vec::new(),
        }
    }
}

impl Commit {
    /// A commit of this ledger by this actor, with nothing read and nothing decided yet.
    #[must_use]
    pub fn new(id: Uuid, ledger: LedgerId, decided_at: Timestamp, actor: Actor) -> Self {
        Self {
            id: id.into(),
            ledger,
            decided_at,
            actor,
            authorization: None,
            reason: None,
            correlation: None,
            causation: None,
            as_of: Position::GENESIS,
            reads: Vec::new(),
            events: Vec::new(),
            state_hash: None,
        }
    }
}
