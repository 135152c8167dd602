//! An owner renames, pauses and resumes its system user.

use fullmakt_events::{
    PartyId, SystemUserId,
    event::{AgreementEvent, SystemUserPaused, SystemUserRenamed, SystemUserResumed},
};

use super::{Agreement, AgreementError, delete::check_owner, title};

/// Does something with a system user that keeps all that it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManageSystemUser {
    /// The system user.
    pub id: SystemUserId,
    /// The party in whose name it is done.
    pub party: PartyId,
    /// The person who does it.
    pub by: PartyId,
    /// What is done.
    pub action: ManagementAction,
}

/// What an owner does with its system user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManagementAction {
    /// Calls it something else.
    Rename(String),
    /// Lets it use nothing of what it was given for the time being.
    Pause,
    /// Lets it use what it was given again.
    Resume,
}

/// Decides what an owner does with its system user; nothing happens where it is so already.
pub(super) fn decide(
    agreement: &Agreement,
    command: &ManageSystemUser,
) -> Result<Vec<AgreementEvent>, AgreementError> {
    let ManageSystemUser { id, party, by, ref action } = *command;
    let user = agreement.system_user(id).ok_or(AgreementError::SystemUserNotFound { id })?;
    check_owner(user, party)?;
    let event = match action {
        ManagementAction::Rename(text) => {
            let title = title::checked(text)?;
            (user.created.integration_title != title).then(|| {
                let integration_title = title.to_owned();
                AgreementEvent::SystemUserRenamed(SystemUserRenamed { id, integration_title, by })
            })
        }
        ManagementAction::Pause => (!user.is_paused)
            .then_some(AgreementEvent::SystemUserPaused(SystemUserPaused { id, by })),
        ManagementAction::Resume => user
            .is_paused
            .then_some(AgreementEvent::SystemUserResumed(SystemUserResumed { id, by })),
    };
    Ok(event.into_iter().collect())
}
