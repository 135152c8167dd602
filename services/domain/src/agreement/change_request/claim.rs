//! The claim of a change request's id, which callers choose.

use fullmakt_events::{
    ChangeRequestId, OrgNumber, SystemId,
    event::{ChangeRequestClaimed, ChangeRequestEvent},
};

use crate::{Decider, Recorded};

/// The state of `change-request/{correlation}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChangeRequestClaim {
    /// Nobody has used the id.
    #[default]
    Free,
    /// A change request has it, or had: it is spent for ever.
    Spent,
}

/// Claims an id for a change request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimChangeRequest {
    /// The id.
    pub id: ChangeRequestId,
    /// The system.
    pub system: SystemId,
    /// The customer.
    pub customer: OrgNumber,
}

/// Why an id cannot be claimed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// It was used before. For what is not the caller's to know.
    #[error("correlation id `{id}` was used before")]
    Spent {
        /// The id.
        id: ChangeRequestId,
    },
}

impl Decider for ChangeRequestClaim {
    type Command = ClaimChangeRequest;
    type Event = ChangeRequestEvent;
    type Error = ClaimError;

    const CATEGORY: &'static str = "change-request";

    fn decide(&self, command: &ClaimChangeRequest) -> Result<Vec<ChangeRequestEvent>, ClaimError> {
        match self {
            Self::Free => Ok(vec![ChangeRequestEvent::Claimed(ChangeRequestClaimed {
                id: command.id,
                system: command.system.clone(),
                customer: command.customer,
            })]),
            Self::Spent => Err(ClaimError::Spent { id: command.id }),
        }
    }

    fn evolve(self, recorded: Recorded<'_, ChangeRequestEvent>) -> Self {
        match recorded.event {
            ChangeRequestEvent::Claimed(_) => Self::Spent,
        }
    }
}
