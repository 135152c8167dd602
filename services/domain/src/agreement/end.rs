//! A request is taken back.

use fullmakt_events::{
    OrgNumber, SystemUserId,
    event::{AgreementEvent, RequestWithdrawn},
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
