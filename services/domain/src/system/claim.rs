//! Which active system holds a client id.

use fullmakt_events::{
    ClientId, SystemId,
    event::{ClientIdClaimed, ClientIdEvent},
};

use crate::{Decider, Recorded};

/// The state of `client-id/{client_id}`, whose key is folded: client ids are compared without case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ClientIdClaim {
    /// No active system holds the client id.
    #[default]
    Free,
    /// This one does.
    HeldBy(SystemId),
}

/// Claims a client id for a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimClientId {
    /// The client id as the vendor wrote it.
    pub client_id: ClientId,
    /// The system.
    pub system: SystemId,
}

/// Why a client id cannot be claimed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientIdError {
    /// Another active system has it. Which one is not the caller's to know.
    #[error("client id `{client_id}` is held by another system")]
    HeldByAnother {
        /// The client id.
        client_id: ClientId,
    },
}

impl Decider for ClientIdClaim {
    type Command = ClaimClientId;
    type Event = ClientIdEvent;
    type Error = ClientIdError;

    const CATEGORY: &'static str = "client-id";

    fn decide(&self, command: &ClaimClientId) -> Result<Vec<ClientIdEvent>, ClientIdError> {
        match self {
            Self::Free => Ok(vec![ClientIdEvent::Claimed(ClientIdClaimed {
                client_id: command.client_id.clone(),
                system: command.system.clone(),
            })]),
            Self::HeldBy(holder) if *holder == command.system => Ok(vec![]),
            Self::HeldBy(_) => {
                Err(ClientIdError::HeldByAnother { client_id: command.client_id.clone() })
            }
        }
    }

    fn evolve(self, recorded: Recorded<'_, ClientIdEvent>) -> Self {
        match recorded.event {
            ClientIdEvent::Claimed(claimed) => Self::HeldBy(claimed.system.clone()),
            ClientIdEvent::Released(_) => Self::Free,
        }
    }
}
