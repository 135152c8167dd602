//! The port to the decision point: what is asked, and what it answers.

use async_trait::async_trait;
use fullmakt_events::{
    ActorKind, DecisionId, OrgNumber, PartyId, PartyNumber, Position, ResourceId, StreamName,
    SystemUserId,
};

use fullmakt_http::ConsistencyToken;
use serde::Deserialize;

use crate::{Caller, Obligation};

/// The decision point, in this process or another.
#[async_trait]
pub trait DecisionPoint: Send + Sync {
    /// Decides whether the subject may do this.
    ///
    /// # Errors
    /// When there is no answer. Whoever asks then denies.
    async fn decide(&self, question: AccessQuestion) -> Result<AccessAnswer, DecisionPointError>;
}

/// Says whom somebody represents.
#[async_trait]
pub trait RepresentationPoint: Send + Sync {
    /// Says whether a person represents a party: whether it is among what the wire contract calls
    /// the person's authorized parties. It gives no access by itself.
    ///
    /// # Errors
    /// When there is no answer. Whoever asks then denies.
    async fn represents(
        &self,
        person: PartyId,
        party: PartyRef,
    ) -> Result<RepresentationAnswer, DecisionPointError>;
}

/// Whether a person represents a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepresentationAnswer {
    /// Whether it holds any role for the party.
    pub is_represented: bool,
    /// The position it was computed at.
    pub position: Position,
    /// The streams of the facts it rests on.
    pub streams: Vec<StreamName>,
}

/// Whether somebody may do something with a resource for a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessQuestion {
    /// Who wants to.
    pub subject: Subject,
    /// What, such as `read`.
    pub action: String,
    /// With which resource.
    pub resource: ResourceId,
    /// For which party.
    pub party: PartyRef,
    /// How surely the subject was authenticated, 0 to 4.
    pub auth_level: Option<u8>,
    /// The position that the decision has to rest on at least.
    pub min_position: Option<ConsistencyToken>,
    /// The id that the decision gets, so that the one who asks knows it even without an answer. A
    /// decision point elsewhere gives ids of its own, and takes this as the id of the request.
    pub ask_id: DecisionId,
}

/// Who wants to do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A person.
    Person(PartyId),
    /// A system user.
    SystemUser(SystemUserId),
    /// An organisation.
    Org(OrgNumber),
}

impl Subject {
    /// The subject that this caller is; none for components of the platform, which decide nothing
    /// for anybody, and for tokens that name no organisation.
    #[must_use]
    pub fn of(caller: &Caller) -> Option<Self> {
        match caller.kind {
            ActorKind::SystemUser => {
                caller.system_user.as_ref().map(|user| Self::SystemUser(user.id))
            }
            ActorKind::Person => caller.person.as_ref().map(|person| Self::Person(person.party)),
            ActorKind::SystemProvider => caller.org.map(Self::Org),
            ActorKind::Platform | ActorKind::Operator => None,
        }
    }
}

/// A party, by whichever of its names the route has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartyRef {
    /// By its integer id in the wire contract.
    Number(PartyNumber),
    /// By its UUID.
    Uuid(PartyId),
    /// By its organisation number.
    Org(OrgNumber),
}

/// What the decision point answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessAnswer {
    /// The decision.
    pub decision: Decision,
    /// Its id in the decision log.
    pub decision_id: DecisionId,
    /// The position it was computed at.
    pub position: Position,
    /// The streams of the facts it rests on: a command that it allows reads them too. None where
    /// the decision point is elsewhere.
    pub streams: Vec<StreamName>,
    /// What a Permit obliges to.
    pub obligations: Vec<Obligation>,
    /// Why, as a code. The wire contract has no place for it, so that it is empty where the
    /// decision point is elsewhere.
    pub reason: String,
}

/// The decisions of XACML 3.0 (§7.18).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Decision {
    /// Allowed, if the obligations are fulfilled.
    Permit,
    /// Forbidden.
    Deny,
    /// No policy says anything.
    NotApplicable,
    /// It cannot be decided.
    Indeterminate,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum DecisionPointError {
    /// It does not know the present well enough to answer.
    #[error("the decision point is not fresh")]
    NotFresh,
    /// The position insisted on is of another ledger, or beyond the end.
    #[error("the position insisted on is none of the decision point's ledger")]
    NoSuchPosition,
    /// It does not answer, or with something that is no answer.
    #[error("the decision point is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}
