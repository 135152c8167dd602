//! Change requests of system users.

use fullmakt_events::{
    ChangeRequestId, OrgNumber, PackageUrn, PartyId, Right, SystemId, SystemUserId, Timestamp,
    event::AgreementEvent,
};

use crate::{EntityKey, Keyed, Place, ReadModel, RequestStatus, Sequence, sql::statements};

statements! { "system_user_changes":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// One change request.
    BY_ENTITY = "by_entity",
    /// The newest change request of the system user with an external reference.
    BY_REFERENCE = "by_reference",
    /// A page of a system's change requests.
    BY_SYSTEM = "by_system",
    /// The change requests that wait for a customer's answer.
    PENDING = "pending",
}

/// A request of a vendor to a customer to change what a system user has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRequestRow {
    /// The change request.
    pub id: ChangeRequestId,
    /// The system user that is to change.
    pub system_user: SystemUserId,
    /// The system.
    pub system: SystemId,
    /// The organisation that makes the system.
    pub vendor: OrgNumber,
    /// The customer.
    pub customer: OrgNumber,
    /// The customer's party.
    pub customer_party: PartyId,
    /// The reference that names the system user.
    pub external_ref: String,
    /// The single rights that it is to have.
    pub required_rights: Vec<Right>,
    /// The single rights that it is not to have.
    pub unwanted_rights: Vec<Right>,
    /// The access packages that it is to have.
    pub required_access_packages: Vec<PackageUrn>,
    /// The access packages that it is not to have.
    pub unwanted_access_packages: Vec<PackageUrn>,
    /// Where the approver is sent afterwards.
    pub redirect_url: Option<String>,
    /// How far it has come.
    pub status: RequestStatus,
    /// When it was made.
    pub created: Timestamp,
    /// Where it was made; pages of change requests are in this order.
    pub created_at: Sequence,
}

/// What happens to a change request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeRequestChange {
    /// It was made.
    Requested(Box<ChangeRequestRow>),
    /// It was answered.
    Answered(RequestStatus),
    /// It was withdrawn.
    Ended,
}

/// The table `system_user_changes`.
#[derive(Debug)]
pub struct SystemUserChanges;

impl ReadModel for SystemUserChanges {
    type Row = ChangeRequestRow;
    type Change = ChangeRequestChange;

    const NAME: &'static str = "system_user_changes";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(
        row: Option<&ChangeRequestRow>,
        change: &ChangeRequestChange,
    ) -> Option<ChangeRequestRow> {
        match change {
            ChangeRequestChange::Requested(requested) => Some((**requested).clone()),
            ChangeRequestChange::Answered(status) => {
                row.map(|row| ChangeRequestRow { status: *status, ..row.clone() })
            }
            ChangeRequestChange::Ended => None,
        }
    }
}

pub(crate) fn project(event: &AgreementEvent, place: &Place) -> Option<Keyed<ChangeRequestChange>> {
    let (id, change) = match event {
        AgreementEvent::ChangeRequested(requested) => {
            let row = ChangeRequestRow {
                id: requested.id,
                system_user: requested.system_user,
                system: requested.system.clone(),
                vendor: requested.vendor,
                customer: requested.customer,
                customer_party: requested.customer_party,
                external_ref: requested.external_ref.clone(),
                required_rights: requested.required_rights.clone(),
                unwanted_rights: requested.unwanted_rights.clone(),
                required_access_packages: requested.required_access_packages.clone(),
                unwanted_access_packages: requested.unwanted_access_packages.clone(),
                redirect_url: requested.redirect_url.clone(),
                status: RequestStatus::New,
                created: place.ledger_time,
                created_at: place.sequence,
            };
            (requested.id, ChangeRequestChange::Requested(Box::new(row)))
        }
        AgreementEvent::ChangeApproved(approved) => {
            (approved.id, ChangeRequestChange::Answered(RequestStatus::Accepted))
        }
        AgreementEvent::ChangeRejected(rejected) => {
            (rejected.id, ChangeRequestChange::Answered(RequestStatus::Rejected))
        }
        AgreementEvent::ChangeWithdrawn(withdrawn) => (withdrawn.id, ChangeRequestChange::Ended),
        AgreementEvent::RequestCreated(_)
        | AgreementEvent::RequestApproved(_)
        | AgreementEvent::RequestRejected(_)
        | AgreementEvent::RequestWithdrawn(_)
        | AgreementEvent::RequestEscalated(_)
        | AgreementEvent::SystemUserCreated(_)
        | AgreementEvent::SystemUserChanged(_)
        | AgreementEvent::SystemUserRenamed(_)
        | AgreementEvent::SystemUserPaused(_)
        | AgreementEvent::SystemUserResumed(_)
        | AgreementEvent::SystemUserDeleted(_) => return None,
    };
    Some(Keyed { entity: EntityKey::new(id.uuid()), position: place.sequence.position, change })
}
