//! A request is rejected or taken back.

use fullmakt_events::{
    OrgNumber, PartyId, SystemUserId, Timestamp,
    event::{AgreementEvent, RequestCreated, RequestRejected, RequestWithdrawn, SystemUserKind},
};

use super::{Agreement, AgreementError, Standing};

/// Rejects a request for a standard system user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RejectRequest {
    /// The request.
    pub id: SystemUserId,
    /// When it is rejected.
    pub at: Timestamp,
    /// The party in whose name it is rejected.
    pub party: PartyId,
    /// The person who rejects.
    pub by: PartyId,
}

/// Takes a request of either kind back, whatever was answered to it. A system user that came of it
/// stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithdrawRequest {
    /// The request.
    pub id: SystemUserId,
    /// The organisation that the caller's token was issued to.
    pub vendor: Option<OrgNumber>,
}

/// A standard request that this party can answer now.
pub(super) fn answerable(
    agreement: &Agreement,
    id: SystemUserId,
    party: PartyId,
    at: Timestamp,
) -> Result<&RequestCreated, AgreementError> {
    let request = agreement
        .request(id)
        .filter(|request| request.created.kind == SystemUserKind::Standard)
        .ok_or(AgreementError::RequestNotFound { id })?;
    if request.created.customer_party != party {
        return Err(AgreementError::RequestOfAnotherParty { id });
    }
    match request.standing(at) {
        Standing::New => Ok(&request.created),
        standing @ (Standing::TimedOut | Standing::Accepted | Standing::Rejected) => {
            Err(AgreementError::RequestNotNew { id, standing })
        }
    }
}

pub(super) fn reject(
    agreement: &Agreement,
    command: RejectRequest,
) -> Result<Vec<AgreementEvent>, AgreementError> {
    let RejectRequest { id, at, party, by } = command;
    answerable(agreement, id, party, at)?;
    Ok(vec![AgreementEvent::RequestRejected(RequestRejected { id, by })])
}

pub(super) fn withdraw(
    agreement: &Agreement,
    command: WithdrawRequest,
) -> Result<Vec<AgreementEvent>, AgreementError> {
    let WithdrawRequest { id, vendor } = command;
    let vendor = vendor.ok_or(AgreementError::VendorMissing)?;
    let request = agreement.request(id).ok_or(AgreementError::RequestNotFound { id })?;
    if request.created.vendor != vendor {
        return Err(AgreementError::SystemNotFound { system: request.created.system.clone() });
    }
    Ok(vec![AgreementEvent::RequestWithdrawn(RequestWithdrawn { id })])
}
