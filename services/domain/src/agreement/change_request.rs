//! One change request, and where it stands at a time.

use fullmakt_events::{Timestamp, event::ChangeRequested};

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
}
