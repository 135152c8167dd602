//! The requests and system users of one system for one customer.
//!
//! ```text
//!            ┌── Approved ──▶ Accepted, and a system user with the request's id
//! New ───────┼── Rejected ──▶ Rejected
//!  │         └── Withdrawn ─▶ (vanished; so does a rejected or accepted one)
//!  └─ after 180 days: timed out, without an event
//!
//! change request: as a request; Approved changes what its system user has. One waits at a time
//!
//! system user ── Deleted ──▶ (vanished, and its request and waiting changes with it)
//!  │  ▲
//!  │  └─ Changed, Renamed, Resumed
//!  └──── Paused
//! ```
//!
//! A system, a customer and the vendor's external reference name at most one system user, and at
//! most one request of each kind that has not timed out. The stream is one system's for one
//! customer, so both rules are decided here. What has vanished leaves its reference free; its id is
//! spent for ever.

mod answer;
mod approve;
mod change_request;
mod create;
mod create_directly;
mod delegation;
mod delete;
mod end;
mod error;
mod manage;
mod request;
mod system_user;
mod title;
mod within;

use std::collections::{BTreeMap, BTreeSet};

use fullmakt_events::{
    ChangeRequestId, SystemUserId, Timestamp,
    event::{AgreementEvent, SystemUserKind},
};

pub use answer::{EscalateRequest, RejectRequest};
pub use approve::{ApprovalFacts, ApproveRequest};
pub use change_request::{
    ApproveChange, Change, ChangeFacts, ChangeRequest, ChangeRequestClaim, ChangeSubmission,
    ClaimChangeRequest, ClaimError, RejectChange, RequestChange, WithdrawChange, request_change,
};
pub use create::{CreateRequest, RequestFacts, RequestSubmission};
pub use create_directly::CreateSystemUser;
pub use delegation::{ActionDelegation, DelegationCheck, DelegationRefusal, ResourceDelegation};
pub use delete::{DeleteSystemUser, Deleter, TakenFor};
pub use end::WithdrawRequest;
pub use error::AgreementError;
pub use manage::{ManageSystemUser, ManagementAction};
pub use request::{REQUEST_DAYS_MAX, Request, RequestStatus, Standing};
pub use system_user::SystemUser;
pub use title::INTEGRATION_TITLE_CHARS_MAX;

use crate::{Decider, Recorded};

/// The state of `agreement/{system_id}/{customer_org}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agreement {
    requests: BTreeMap<SystemUserId, Request>,
    change_requests: BTreeMap<ChangeRequestId, ChangeRequest>,
    system_users: BTreeMap<SystemUserId, SystemUser>,
    /// All ids that requests and system users have ever had here.
    spent: BTreeSet<SystemUserId>,
}

/// What may be asked of vendor and customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AgreementCommand {
    /// The vendor asks for a system user.
    Create(Box<CreateRequest>),
    /// The customer says yes.
    Approve(Box<ApproveRequest>),
    /// The customer says no.
    Reject(RejectRequest),
    /// Somebody of the customer hands a request to those who may answer it.
    Escalate(EscalateRequest),
    /// The vendor takes its request back.
    Withdraw(WithdrawRequest),
    /// The vendor asks for a change of what a system user has.
    RequestChange(Box<RequestChange>),
    /// The customer says yes to a change.
    ApproveChange(Box<ApproveChange>),
    /// The customer says no to a change.
    RejectChange(RejectChange),
    /// The vendor takes its change request back.
    WithdrawChange(WithdrawChange),
    /// The customer makes a system user without being asked.
    CreateSystemUser(Box<CreateSystemUser>),
    /// The owner renames, pauses or resumes a system user.
    Manage(ManageSystemUser),
    /// The owner or the vendor ends a system user.
    DeleteSystemUser(DeleteSystemUser),
}

impl Agreement {
    /// The request with this id.
    #[must_use]
    pub fn request(&self, id: SystemUserId) -> Option<&Request> {
        self.requests.get(&id)
    }

    /// The request of this kind that a reference names, unless it has timed out. It is what a
    /// repeated request is answered with.
    #[must_use]
    pub fn live_request(
        &self,
        kind: SystemUserKind,
        external_ref: &str,
        at: Timestamp,
    ) -> Option<&Request> {
        self.live_requests(external_ref, at).find(|request| request.created.kind == kind)
    }

    /// The system user with this id.
    #[must_use]
    pub fn system_user(&self, id: SystemUserId) -> Option<&SystemUser> {
        self.system_users.get(&id)
    }

    /// The system user that a reference names.
    #[must_use]
    pub fn system_user_named(&self, external_ref: &str) -> Option<&SystemUser> {
        self.system_users.values().find(|user| user.created.external_ref == external_ref)
    }

    /// The change request with this id.
    #[must_use]
    pub fn change_request(&self, id: ChangeRequestId) -> Option<&ChangeRequest> {
        self.change_requests.get(&id)
    }

    /// The change request for a system user that waits for an answer. There is one at most.
    #[must_use]
    pub fn pending_change(&self, user: SystemUserId, at: Timestamp) -> Option<&ChangeRequest> {
        self.change_requests.values().find(|request| {
            request.requested.system_user == user && request.standing(at) == Standing::New
        })
    }

    /// The requests of both kinds that a reference names and that have not timed out.
    fn live_requests(&self, external_ref: &str, at: Timestamp) -> impl Iterator<Item = &Request> {
        self.requests.values().filter(move |request| {
            request.created.external_ref == external_ref
                && request.standing(at) != Standing::TimedOut
        })
    }

    fn with_status(mut self, id: SystemUserId, status: RequestStatus) -> Self {
        if let Some(request) = self.requests.get_mut(&id) {
            request.status = status;
        }
        self
    }

    fn with_change_status(mut self, id: ChangeRequestId, status: RequestStatus) -> Self {
        if let Some(request) = self.change_requests.get_mut(&id) {
            request.status = status;
        }
        self
    }

    fn with_system_user(mut self, id: SystemUserId, how: impl FnOnce(&mut SystemUser)) -> Self {
        if let Some(user) = self.system_users.get_mut(&id) {
            how(user);
        }
        self
    }
}

impl Decider for Agreement {
    type Command = AgreementCommand;
    type Event = AgreementEvent;
    type Error = AgreementError;

    const CATEGORY: &'static str = "agreement";

    fn decide(&self, command: &AgreementCommand) -> Result<Vec<AgreementEvent>, AgreementError> {
        match command {
            AgreementCommand::Create(command) => create::decide(self, command),
            AgreementCommand::Approve(command) => approve::decide(self, command),
            AgreementCommand::Reject(command) => answer::reject(self, *command),
            AgreementCommand::Escalate(command) => answer::escalate(self, *command),
            AgreementCommand::Withdraw(command) => end::withdraw(self, *command),
            AgreementCommand::RequestChange(command) => change_request::request(self, command),
            AgreementCommand::ApproveChange(command) => change_request::approve(self, command),
            AgreementCommand::RejectChange(command) => change_request::reject(self, *command),
            AgreementCommand::WithdrawChange(command) => change_request::withdraw(self, *command),
            AgreementCommand::CreateSystemUser(command) => create_directly::decide(self, command),
            AgreementCommand::Manage(command) => manage::decide(self, command),
            AgreementCommand::DeleteSystemUser(command) => delete::decide(self, *command),
        }
    }

    fn evolve(mut self, recorded: Recorded<'_, AgreementEvent>) -> Self {
        match recorded.event {
            AgreementEvent::RequestCreated(created) => {
                self.spent.insert(created.id);
                let request = Request {
                    created: created.clone(),
                    created_at: recorded.at,
                    status: RequestStatus::New,
                    is_escalated: false,
                };
                self.requests.insert(created.id, request);
                self
            }
            AgreementEvent::RequestApproved(approved) => {
                self.with_status(approved.id, RequestStatus::Accepted)
            }
            AgreementEvent::RequestRejected(rejected) => {
                self.with_status(rejected.id, RequestStatus::Rejected)
            }
            AgreementEvent::RequestWithdrawn(withdrawn) => {
                self.requests.remove(&withdrawn.id);
                self
            }
            AgreementEvent::RequestEscalated(escalated) => {
                if let Some(request) = self.requests.get_mut(&escalated.id) {
                    request.is_escalated = true;
                }
                self
            }
            AgreementEvent::ChangeRequested(requested) => {
                let request = ChangeRequest {
                    requested: requested.clone(),
                    requested_at: recorded.at,
                    status: RequestStatus::New,
                };
                self.change_requests.insert(requested.id, request);
                self
            }
            AgreementEvent::ChangeApproved(approved) => {
                self.with_change_status(approved.id, RequestStatus::Accepted)
            }
            AgreementEvent::ChangeRejected(rejected) => {
                self.with_change_status(rejected.id, RequestStatus::Rejected)
            }
            AgreementEvent::ChangeWithdrawn(withdrawn) => {
                self.change_requests.remove(&withdrawn.id);
                self
            }
            AgreementEvent::SystemUserCreated(created) => {
                self.spent.insert(created.id);
                self.system_users.insert(created.id, SystemUser::new(created.clone()));
                self
            }
            AgreementEvent::SystemUserChanged(changed) => {
                self.with_system_user(changed.id, |user| user.change(changed))
            }
            AgreementEvent::SystemUserRenamed(renamed) => {
                self.with_system_user(renamed.id, |user| {
                    user.created.integration_title.clone_from(&renamed.integration_title);
                })
            }
            AgreementEvent::SystemUserPaused(paused) => {
                self.with_system_user(paused.id, |user| user.is_paused = true)
            }
            AgreementEvent::SystemUserResumed(resumed) => {
                self.with_system_user(resumed.id, |user| user.is_paused = false)
            }
            AgreementEvent::SystemUserDeleted(deleted) => {
                self.system_users.remove(&deleted.id);
                self.requests.remove(&deleted.id);
                self
            }
        }
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
