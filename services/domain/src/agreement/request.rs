//! One request, and where it stands at a time.

use std::fmt;

use fullmakt_events::{Timestamp, event::RequestCreated};

/// How many days a customer has to answer a request.
pub const REQUEST_DAYS_MAX: i64 = 180;

const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

/// A request for a system user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What was asked.
    pub created: RequestCreated,
    /// Ledger time of the commit that recorded it.
    pub created_at: Timestamp,
    /// What was answered.
    pub status: RequestStatus,
}

/// What was answered to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestStatus {
    /// Nothing yet.
    New,
    /// Yes.
    Accepted,
    /// No.
    Rejected,
}

/// Where a request stands at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It waits for an answer.
    New,
    /// It waited for an answer too long.
    TimedOut,
    /// The customer said yes.
    Accepted,
    /// The customer said no.
    Rejected,
}

impl Request {
    /// Where the request stands: without an answer it times out when more than
    /// [`REQUEST_DAYS_MAX`] days have passed.
    #[must_use]
    pub fn standing(&self, at: Timestamp) -> Standing {
        match self.status {
            RequestStatus::New if at > self.answerable_until() => Standing::TimedOut,
            RequestStatus::New => Standing::New,
            RequestStatus::Accepted => Standing::Accepted,
            RequestStatus::Rejected => Standing::Rejected,
        }
    }

    /// The last moment at which it can be answered.
    #[must_use]
    pub fn answerable_until(&self) -> Timestamp {
        self.created_at.plus_seconds(REQUEST_DAYS_MAX * SECONDS_PER_DAY)
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::New => "new",
            Self::TimedOut => "timed out",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        })
    }
}
