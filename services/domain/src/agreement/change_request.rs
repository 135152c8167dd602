//! Change requests: a vendor asks a customer for other rights of a standard system user.

mod answer;
mod approve;
mod change;
mod claim;
mod request;

use fullmakt_events::{Timestamp, event::ChangeRequested};

pub use answer::{RejectChange, WithdrawChange};
pub(super) use answer::{reject, withdraw};
pub use approve::ApproveChange;
pub(super) use approve::decide as approve;
pub use change::Change;
pub use claim::{ChangeRequestClaim, ClaimChangeRequest, ClaimError};
pub(super) use request::decide as request;
pub use request::{ChangeFacts, ChangeSubmission, RequestChange, request_change};

use super::request::{RequestStatus, Standing, standing};

/// A request to change what a system user has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRequest {
    /// What was asked.
    pub requested: ChangeRequested,
    /// Ledger time of the commit that recorded it.
    pub requested_at: Timestamp,
    /// What was answered.
    pub status: RequestStatus,
}

impl ChangeRequest {
    /// Where the change request stands: it times out as a request does.
    #[must_use]
    pub fn standing(&self, at: Timestamp) -> Standing {
        standing(self.status, self.requested_at, at)
    }

    /// In what a repetition asks for something else, by the names of the wire contract.
    #[must_use]
    pub fn differences(&self, submitted: &ChangeSubmission) -> Vec<&'static str> {
        let own = &self.requested;
        let differs = [
            ("requiredRights", own.required_rights != submitted.required_rights),
            ("unwantedRights", own.unwanted_rights != submitted.unwanted_rights),
            (
                "requiredAccessPackages",
                own.required_access_packages != submitted.required_access_packages,
            ),
            (
                "unwantedAccessPackages",
                own.unwanted_access_packages != submitted.unwanted_access_packages,
            ),
            ("redirectUrl", own.redirect_url.as_deref() != submitted.redirect_url()),
        ];
        differs.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
    }
}
