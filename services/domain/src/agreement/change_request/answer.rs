//! What else can become of a change request: it is rejected, or taken back.

use fullmakt_events::{
    ChangeRequestId, OrgNumber, PartyId, Timestamp,
    event::{AgreementEvent, ChangeRejected, ChangeRequested, ChangeWithdrawn},
};

use super::super::{Agreement, AgreementError, Standing};

/// Rejects a change request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RejectChange {
    /// The change request.
    pub id: ChangeRequestId,
    /// When it is rejected.
    pub at: Timestamp,
    /// The party in whose name it is rejected.
    pub party: PartyId,
    /// The person who rejects.
    pub by: PartyId,
}

/// Takes a change request back, whatever was answered to it. What was changed stays changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithdrawChange {
    /// The change request.
    pub id: ChangeRequestId,
    /// The organisation that the caller's token was issued to.
    pub vendor: Option<OrgNumber>,
}

pub(in super::super) fn reject(
    agreement: &Agreement,
    command: RejectChange,
) -> Result<Vec<AgreementEvent>, AgreementError> {
    let RejectChange { id, at, party, by } = command;
    answerable(agreement, id, party, at)?;
    Ok(vec![AgreementEvent::ChangeRejected(ChangeRejected { id, by })])
}

pub(in super::super) fn withdraw(
    agreement: &Agreement,
    command: WithdrawChange,
) -> Result<Vec<AgreementEvent>, AgreementError> {
    let WithdrawChange { id, vendor } = command;
    let vendor = vendor.ok_or(AgreementError::VendorMissing)?;
    let request = agreement.change_request(id).ok_or(AgreementError::ChangeNotFound { id })?;
    if request.requested.vendor != vendor {
        return Err(AgreementError::SystemNotFound { system: request.requested.system.clone() });
    }
    Ok(vec![AgreementEvent::ChangeWithdrawn(ChangeWithdrawn { id })])
}

/// A change request that this party can answer now.
pub(super) fn answerable(
    agreement: &Agreement,
    id: ChangeRequestId,
    party: PartyId,
    at: Timestamp,
) -> Result<&ChangeRequested, AgreementError> {
    let request = agreement.change_request(id).ok_or(AgreementError::ChangeNotFound { id })?;
    if request.requested.customer_party != party {
        return Err(AgreementError::ChangeOfAnotherParty { id });
    }
    match request.standing(at) {
        Standing::New => Ok(&request.requested),
        standing @ (Standing::TimedOut | Standing::Accepted | Standing::Rejected) => {
            Err(AgreementError::ChangeNotNew { id, standing })
        }
    }
}
