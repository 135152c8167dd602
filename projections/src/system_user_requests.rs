//! Requests for system users.

use fullmakt_events::{
    OrgNumber, PackageUrn, PartyId, Right, SystemId, SystemUserId, Timestamp,
    event::{AgreementEvent, SystemUserKind},
};

use crate::{EntityKey, Keyed, Place, ReadModel, Sequence, sql::statements};

statements! { "system_user_requests":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// One request.
    BY_ENTITY = "by_entity",
    /// The request of a system for a customer with an external reference.
    BY_REFERENCE = "by_reference",
    /// A page of a system's requests.
    BY_SYSTEM = "by_system",
    /// The requests that wait for a customer's answer.
    PENDING = "pending",
}

/// How far a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestStatus {
    /// It waits for the customer.
    New,
    /// The customer said yes, and the system user exists.
    Accepted,
    /// The customer said no.
    Rejected,
}

/// A request of a vendor to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRow {
    /// The request's id, and the system user's.
    pub id: SystemUserId,
    /// Whom the system user is to act for.
    pub kind: SystemUserKind,
    /// The system.
    pub system: SystemId,
    /// The organisation that makes the system.
    pub vendor: OrgNumber,
    /// The customer.
    pub customer: OrgNumber,
    /// The customer's party.
    pub customer_party: PartyId,
    /// The vendor's own reference.
    pub external_ref: String,
    /// What the customer sees it called.
    pub integration_title: String,
    /// The single rights asked for.
    pub rights: Vec<Right>,
    /// The access packages asked for.
    pub access_packages: Vec<PackageUrn>,
    /// Where the approver is sent afterwards.
    pub redirect_url: Option<String>,
    /// How far it has come.
    pub status: RequestStatus,
    /// Whether somebody who may not approve it has handed it to those who may.
    pub is_escalated: bool,
    /// When it was made.
    pub created: Timestamp,
    /// Where it was made; pages of requests are in this order.
    pub created_at: Sequence,
}

/// What happens to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestChange {
    /// It was made.
    Created(Box<RequestRow>),
    /// It was answered.
    Answered(RequestStatus),
    /// It was handed to those who may answer it.
    Escalated,
    /// It was withdrawn, or its system user was deleted.
    Ended,
}

/// The table `system_user_requests`.
#[derive(Debug)]
pub struct SystemUserRequests;

impl ReadModel for SystemUserRequests {
    type Row = RequestRow;
    type Change = RequestChange;

    const NAME: &'static str = "system_user_requests";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(row: Option<&RequestRow>, change: &RequestChange) -> Option<RequestRow> {
        match change {
            RequestChange::Created(created) => Some((**created).clone()),
            RequestChange::Answered(status) => {
                row.map(|row| RequestRow { status: *status, ..row.clone() })
            }
            RequestChange::Escalated => {
                row.map(|row| RequestRow { is_escalated: true, ..row.clone() })
            }
            RequestChange::Ended => None,
        }
    }
}

pub(crate) fn project(event: &AgreementEvent, place: &Place) -> Option<Keyed<RequestChange>> {
    let (id, change) = match event {
        AgreementEvent::RequestCreated(created) => {
            let row = RequestRow {
                id: created.id,
                kind: created.kind,
                system: created.system.clone(),
                vendor: created.vendor,
                customer: created.customer,
                customer_party: created.customer_party,
                external_ref: created.external_ref.clone(),
                integration_title: created.integration_title.clone(),
                rights: created.rights.clone(),
                access_packages: created.access_packages.clone(),
                redirect_url: created.redirect_url.clone(),
                status: RequestStatus::New,
                is_escalated: false,
                created: place.ledger_time,
                created_at: place.sequence,
            };
            (created.id, RequestChange::Created(Box::new(row)))
        }
        AgreementEvent::RequestApproved(approved) => {
            (approved.id, RequestChange::Answered(RequestStatus::Accepted))
        }
        AgreementEvent::RequestRejected(rejected) => {
            (rejected.id, RequestChange::Answered(RequestStatus::Rejected))
        }
        AgreementEvent::RequestWithdrawn(withdrawn) => (withdrawn.id, RequestChange::Ended),
        AgreementEvent::SystemUserDeleted(deleted) => (deleted.id, RequestChange::Ended),
        AgreementEvent::RequestEscalated(escalated) => (escalated.id, RequestChange::Escalated),
        AgreementEvent::ChangeRequested(_)
        | AgreementEvent::ChangeApproved(_)
        | AgreementEvent::ChangeRejected(_)
        | AgreementEvent::ChangeWithdrawn(_)
        | AgreementEvent::SystemUserCreated(_)
        | AgreementEvent::SystemUserChanged(_)
        | AgreementEvent::SystemUserRenamed(_)
        | AgreementEvent::SystemUserPaused(_)
        | AgreementEvent::SystemUserResumed(_) => return None,
    };
    Some(Keyed { entity: EntityKey::new(id.uuid()), position: place.sequence.position, change })
}
