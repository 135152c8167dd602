//! What ends: a request is taken back, a system user is deleted.

use fullmakt_events::{
    OrgNumber, PartyId, SystemUserId,
    event::{AgreementEvent, RequestWithdrawn, SystemUserDeleted, SystemUserKind},
};

use super::{Agreement, AgreementError};

/// Takes a request of either kind back, whatever was answered to it. A system user that came of it
/// stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithdrawRequest {
    /// The request.
    pub id: SystemUserId,
    /// The organisation that the caller's token was issued to.
    pub vendor: Option<OrgNumber>,
}

/// Ends a standard system user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeleteSystemUser {
    /// The system user.
    pub id: SystemUserId,
    /// The party in whose name it is deleted.
    pub party: PartyId,
    /// The person who deletes it.
    pub by: PartyId,
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

pub(super) fn delete(
    agreement: &Agreement,
    command: DeleteSystemUser,
) -> Result<Vec<AgreementEvent>, AgreementError> {
    let DeleteSystemUser { id, party, by } = command;
    let user = agreement.system_user(id).ok_or(AgreementError::SystemUserNotFound { id })?;
    if user.created.owner_party != party {
        return Err(AgreementError::SystemUserNotOwned { id });
    }
    match user.created.kind {
        SystemUserKind::Standard => {
            Ok(vec![AgreementEvent::SystemUserDeleted(SystemUserDeleted { id, by: Some(by) })])
        }
        SystemUserKind::Agent => Err(AgreementError::StandardExpected { id }),
    }
}
