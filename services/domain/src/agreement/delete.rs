//! A system user is deleted: by its owner, or by the vendor of its system.

use fullmakt_events::{
    OrgNumber, PartyId, SystemUserId,
    event::{AgreementEvent, ChangeWithdrawn, SystemUserDeleted, SystemUserKind},
};

use super::{Agreement, AgreementError, RequestStatus, SystemUser};

/// Ends a system user, and with it all that it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeleteSystemUser {
    /// The system user.
    pub id: SystemUserId,
    /// Who deletes it.
    pub by: Deleter,
}

/// Who deletes a system user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deleter {
    /// The party that owns it.
    Owner {
        /// The party in whose name it is deleted.
        party: PartyId,
        /// The person who deletes it.
        by: PartyId,
        /// What the owner takes it for.
        taken_for: TakenFor,
    },
    /// The organisation that makes its system.
    Vendor(OrgNumber),
}

/// What an owner takes a system user for that it deletes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenFor {
    /// For one of any kind.
    AnyKind,
    /// For one that acts for its owner.
    Standard,
    /// For one that acts for its owner's clients.
    Agent {
        /// The party that acts for the clients: the owner.
        facilitator: PartyId,
    },
}

/// Decides a deletion. All checks come before anything ends.
///
/// What the system user was given ends with it, whatever its system lists by then, and so do the
/// changes that wait for the owner's answer.
pub(super) fn decide(
    agreement: &Agreement,
    command: DeleteSystemUser,
) -> Result<Vec<AgreementEvent>, AgreementError> {
    let DeleteSystemUser { id, by } = command;
    let user = agreement.system_user(id).ok_or(AgreementError::SystemUserNotFound { id })?;
    let by = match by {
        Deleter::Owner { party, by, taken_for } => {
            check_owner(user, party)?;
            check_kind(user, taken_for)?;
            Some(by)
        }
        Deleter::Vendor(vendor) if user.created.vendor == vendor => None,
        // Whose system user it is does not concern another vendor.
        Deleter::Vendor(_) => return Err(AgreementError::SystemUserNotFound { id }),
    };
    let waiting = agreement.change_requests.values().filter(|request| {
        request.requested.system_user == id && request.status == RequestStatus::New
    });
    let mut events: Vec<AgreementEvent> = waiting
        .map(|request| ChangeWithdrawn { id: request.requested.id })
        .map(AgreementEvent::ChangeWithdrawn)
        .collect();
    events.push(AgreementEvent::SystemUserDeleted(SystemUserDeleted { id, by }));
    Ok(events)
}

/// Checks that a party owns a system user.
pub(super) fn check_owner(user: &SystemUser, party: PartyId) -> Result<(), AgreementError> {
    if user.created.owner_party == party {
        return Ok(());
    }
    Err(AgreementError::SystemUserNotOwned { id: user.created.id })
}

fn check_kind(user: &SystemUser, taken_for: TakenFor) -> Result<(), AgreementError> {
    let id = user.created.id;
    match (taken_for, user.created.kind) {
        (TakenFor::AnyKind, SystemUserKind::Standard | SystemUserKind::Agent)
        | (TakenFor::Standard, SystemUserKind::Standard) => Ok(()),
        (TakenFor::Standard, SystemUserKind::Agent) => Err(AgreementError::StandardExpected { id }),
        (TakenFor::Agent { .. }, SystemUserKind::Standard) => {
            Err(AgreementError::AgentExpected { id })
        }
        (TakenFor::Agent { facilitator }, SystemUserKind::Agent) => {
            if user.created.owner_party == facilitator {
                return Ok(());
            }
            Err(AgreementError::FacilitatorDiffers { id, facilitator })
        }
    }
}
