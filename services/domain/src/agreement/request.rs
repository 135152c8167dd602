//! One request, and where it stands at a time.

use std::fmt;

use fullmakt_events::{
    Timestamp,
    event::{RequestCreated, SystemUserKind},
};

use super::{RequestSubmission, create};

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
    /// Whether somebody who may not approve it has handed it to those who may.
    pub is_escalated: bool,
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
        standing(self.status, self.created_at, at)
    }

    /// In what a repetition asks for something else, by the names of the wire contract. A title
    /// that is left out asks for no other.
    #[must_use]
    pub fn differences(&self, submitted: &RequestSubmission) -> Vec<&'static str> {
        let own = &self.created;
        let title = create::given(submitted.integration_title.as_deref());
        let redirect_url = create::given(submitted.redirect_url.as_deref());
        let packages = submitted.access_packages.as_deref().unwrap_or_default();
        let has_other_rights = match own.kind {
            SystemUserKind::Standard => {
                own.rights != submitted.rights.as_deref().unwrap_or_default()
            }
            SystemUserKind::Agent => false,
        };
        let differs = [
            ("integrationTitle", title.is_some_and(|title| title != own.integration_title)),
            ("rights", has_other_rights),
            ("accessPackages", own.access_packages != packages),
            ("redirectUrl", own.redirect_url.as_deref() != redirect_url),
        ];
        differs.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
    }
}

/// Where a question to a customer stands that was asked at `asked_at`.
pub(super) fn standing(status: RequestStatus, asked_at: Timestamp, at: Timestamp) -> Standing {
    let answerable_until = asked_at.plus_seconds(REQUEST_DAYS_MAX * SECONDS_PER_DAY);
    match status {
        RequestStatus::New if at > answerable_until => Standing::TimedOut,
        RequestStatus::New => Standing::New,
        RequestStatus::Accepted => Standing::Accepted,
        RequestStatus::Rejected => Standing::Rejected,
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
