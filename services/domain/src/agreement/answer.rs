//! The customer's answer to a request, and handing it to those who may give one.

use fullmakt_events::{
    PartyId, SystemUserId, Timestamp,
    event::{AgreementEvent, RequestCreated, RequestEscalated, RequestRejected, SystemUserKind},
};

use super::{Agreement, AgreementError, Request, Standing};

/// Rejects a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RejectRequest {
    /// The request.
    pub id: SystemUserId,
    /// Which kind of request is answered.
    pub kind: SystemUserKind,
    /// When it is rejected.
    pub at: Timestamp,
    /// The party in whose name it is rejected.
    pub party: PartyId,
    /// The person who rejects.
    pub by: PartyId,
}

/// Hands a request to those who may answer it. It waits for them as before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EscalateRequest {
    /// The request.
    pub id: SystemUserId,
    /// Which kind of request is escalated.
    pub kind: SystemUserKind,
    /// When it is escalated.
    pub at: Timestamp,
    /// The party that the person belongs to.
    pub party: PartyId,
    /// The person who escalates.
    pub by: PartyId,
}

pub(super) fn reject(
    agreement: &Agreement,
    command: RejectRequest,
) -> Result<Vec<AgreementEvent>, AgreementError> {
    let RejectRequest { id, kind, at, party, by } = command;
    answerable(agreement, id, kind, party, at)?;
    Ok(vec![AgreementEvent::RequestRejected(RequestRejected { id, by })])
}

pub(super) fn escalate(
    agreement: &Agreement,
    command: EscalateRequest,
) -> Result<Vec<AgreementEvent>, AgreementError> {
    let EscalateRequest { id, kind, at, party, by } = command;
    answerable(agreement, id, kind, party, at)?;
    if agreement.request(id).is_some_and(|request| request.is_escalated) {
        return Ok(vec![]);
    }
    Ok(vec![AgreementEvent::RequestEscalated(RequestEscalated { id, by })])
}

/// A request of this kind that this party can answer now.
///
/// Whose a request is is said before its kind and where it stands: both are its party's to know.
pub(super) fn answerable(
    agreement: &Agreement,
    id: SystemUserId,
    kind: SystemUserKind,
    party: PartyId,
    at: Timestamp,
) -> Result<&RequestCreated, AgreementError> {
    // The contract has a code for the wrong kind on the routes of agents only.
    let is_seen = |request: &&Request| match kind {
        SystemUserKind::Standard => request.created.kind == kind,
        SystemUserKind::Agent => true,
    };
    let request = agreement
        .request(id)
        .filter(is_seen)
        .ok_or_else(|| AgreementError::request_not_found(kind, id))?;
    if request.created.customer_party != party {
        return Err(AgreementError::request_of_another_party(kind, id));
    }
    if request.created.kind != kind {
        return Err(AgreementError::AgentRequestExpected { id });
    }
    match request.standing(at) {
        Standing::New => Ok(&request.created),
        standing @ (Standing::TimedOut | Standing::Accepted | Standing::Rejected) => {
            Err(AgreementError::RequestNotNew { id, standing })
        }
    }
}
