//! System users.

use fullmakt_events::{
    OrgNumber, PackageUrn, PartyId, Right, SystemId, SystemUserId, Timestamp,
    event::{AgreementEvent, SystemUserKind},
};

use crate::{EntityKey, Keyed, Place, ReadModel, Sequence, sql::statements};

statements! { "system_users":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// One system user.
    BY_ENTITY = "by_entity",
    /// The system user of a system for an owner with an external reference.
    BY_REFERENCE = "by_reference",
    /// The system user that a token issuer asks for.
    BY_EXTERNAL_ID = "by_external_id",
    /// The system users of one owner.
    BY_OWNER = "by_owner",
    /// The system users of one system for one owner, with all of their versions.
    OF_AGREEMENT = "of_agreement",
    /// A page of a system's system users.
    BY_SYSTEM = "by_system",
    /// A page of the feed of changes.
    CHANGES = "changes",
    /// The system user that changed last.
    LATEST = "latest",
}

/// A system user; a deleted one keeps its row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemUserRow {
    /// The system user.
    pub id: SystemUserId,
    /// Whom it acts for.
    pub kind: SystemUserKind,
    /// The system.
    pub system: SystemId,
    /// The organisation that makes the system.
    pub vendor: OrgNumber,
    /// The organisation that owns it.
    pub owner: OrgNumber,
    /// The owner's party.
    pub owner_party: PartyId,
    /// The vendor's own reference.
    pub external_ref: String,
    /// What the owner sees it called.
    pub integration_title: String,
    /// The single rights it was asked for, in the vendor's words.
    pub rights: Vec<Right>,
    /// What was delegated for those rights.
    pub delegated: Vec<Right>,
    /// The access packages it was given.
    pub access_packages: Vec<PackageUrn>,
    /// Whether it can use nothing of it for the time being.
    pub is_paused: bool,
    /// Whether it is gone.
    pub is_deleted: bool,
    /// When it was created.
    pub created: Timestamp,
    /// When it last changed.
    pub changed: Timestamp,
    /// Where it was created; pages of system users are in this order.
    pub created_at: Sequence,
    /// Where it last changed; the feed of changes is in this order.
    pub sequence: Sequence,
}

/// What happens to a system user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SystemUserChange {
    /// It exists.
    Created(Box<SystemUserRow>),
    /// Something about it is different from this place on.
    Changed(Place, SystemUserDifference),
}

/// What is different about a system user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SystemUserDifference {
    /// What it was given.
    Given {
        /// The single rights it was asked for, in the vendor's words.
        rights: Vec<Right>,
        /// What was delegated for those rights.
        delegated: Vec<Right>,
        /// The access packages.
        access_packages: Vec<PackageUrn>,
    },
    /// What its owner sees it called.
    Title(String),
    /// Whether it is paused.
    Paused(bool),
    /// It is gone.
    Deleted,
}

impl SystemUserRow {
    fn with(mut self, difference: SystemUserDifference) -> Self {
        match difference {
            SystemUserDifference::Given { rights, delegated, access_packages } => {
                Self { rights, delegated, access_packages, ..self }
            }
            SystemUserDifference::Title(title) => Self { integration_title: title, ..self },
            SystemUserDifference::Paused(is_paused) => {
                self.is_paused = is_paused;
                self
            }
            SystemUserDifference::Deleted => {
                self.is_deleted = true;
                self
            }
        }
    }
}

/// The table `system_users`.
#[derive(Debug)]
pub struct SystemUsers;

impl ReadModel for SystemUsers {
    type Row = SystemUserRow;
    type Change = SystemUserChange;

    const NAME: &'static str = "system_users";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(row: Option<&SystemUserRow>, change: &SystemUserChange) -> Option<SystemUserRow> {
        match change {
            SystemUserChange::Created(created) => Some((**created).clone()),
            SystemUserChange::Changed(place, difference) => row.map(|row| SystemUserRow {
                changed: place.ledger_time,
                sequence: place.sequence,
                ..row.clone().with(difference.clone())
            }),
        }
    }
}

pub(crate) fn project(event: &AgreementEvent, place: &Place) -> Option<Keyed<SystemUserChange>> {
    let (id, change) = match event {
        AgreementEvent::SystemUserCreated(created) => {
            let row = SystemUserRow {
                id: created.id,
                kind: created.kind,
                system: created.system.clone(),
                vendor: created.vendor,
                owner: created.owner,
                owner_party: created.owner_party,
                external_ref: created.external_ref.clone(),
                integration_title: created.integration_title.clone(),
                rights: created.rights.clone(),
                delegated: created.delegated.clone(),
                access_packages: created.access_packages.clone(),
                is_paused: false,
                is_deleted: false,
                created: place.ledger_time,
                changed: place.ledger_time,
                created_at: place.sequence,
                sequence: place.sequence,
            };
            (created.id, SystemUserChange::Created(Box::new(row)))
        }
        AgreementEvent::SystemUserChanged(changed) => {
            let given = SystemUserDifference::Given {
                rights: changed.rights.clone(),
                delegated: changed.delegated.clone(),
                access_packages: changed.access_packages.clone(),
            };
            (changed.id, SystemUserChange::Changed(*place, given))
        }
        AgreementEvent::SystemUserRenamed(renamed) => {
            let title = SystemUserDifference::Title(renamed.integration_title.clone());
            (renamed.id, SystemUserChange::Changed(*place, title))
        }
        AgreementEvent::SystemUserPaused(paused) => {
            (paused.id, SystemUserChange::Changed(*place, SystemUserDifference::Paused(true)))
        }
        AgreementEvent::SystemUserResumed(resumed) => {
            (resumed.id, SystemUserChange::Changed(*place, SystemUserDifference::Paused(false)))
        }
        AgreementEvent::SystemUserDeleted(deleted) => {
            (deleted.id, SystemUserChange::Changed(*place, SystemUserDifference::Deleted))
        }
        AgreementEvent::RequestCreated(_)
        | AgreementEvent::RequestApproved(_)
        | AgreementEvent::RequestRejected(_)
        | AgreementEvent::RequestWithdrawn(_)
        | AgreementEvent::RequestEscalated(_)
        | AgreementEvent::ChangeRequested(_)
        | AgreementEvent::ChangeApproved(_)
        | AgreementEvent::ChangeRejected(_)
        | AgreementEvent::ChangeWithdrawn(_) => return None,
    };
    Some(Keyed { entity: EntityKey::new(id.uuid()), position: place.sequence.position, change })
}
