//! What stood on a stream as of a position: its facts as the read models have them, told as the
//! events that make them so.
//!
//! An access graph that takes them says of these streams what the graph that has folded the whole
//! ledger up to that position says. Each kind of fact that decisions rest on has a file here, and
//! its category a line in [`Reader::standing`].

mod access_list;
mod beyond;
mod catalogue;
mod client_link;
mod mandate;
mod party;
mod resource;
mod resource_right;
mod system;
mod system_user;

use fullmakt_events::{Event, PartyId, Position, StreamName, SystemUserId, Timestamp};
use uuid::Uuid;

use crate::{ReadError, Reader};

/// A fact that stood, and the position that made it so.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The event that makes it so. What decisions do not rest on may be left out of it.
    pub fact: Event,
    /// The position that made it so.
    pub since: Position,
    /// The ledger time when it was made so, where a decision rests on that.
    pub at: Option<Timestamp>,
}

impl Standing {
    fn new(fact: impl Into<Event>, since: Position) -> Self {
        Self { fact: fact.into(), since, at: None }
    }
}

/// Why it cannot be said what stood on a stream.
#[derive(Debug, thiserror::Error)]
pub enum StandingError {
    /// No read model has the facts of these streams.
    #[error("no read model says what stood on stream `{0}`")]
    UnknownStream(StreamName),
    /// The read models cannot be read.
    #[error("the read models cannot be read")]
    Read(
        #[from]
        #[source]
        ReadError,
    ),
}

impl Reader {
    /// What stood on a stream, in the order in which it has to be taken.
    ///
    /// # Errors
    /// When it is not one of the streams that decisions consult, or the read models cannot be read.
    pub async fn standing(
        &self,
        stream: &StreamName,
        as_of: Position,
    ) -> Result<Vec<Standing>, StandingError> {
        let keys: Vec<String> = stream.keys().collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let unknown = || StandingError::UnknownStream(stream.clone());
        let standing = match (stream.category(), keys.as_slice()) {
            ("party", [party]) => party::standing(self, party_id(party), as_of).await,
            ("system", [system]) => system::standing(self, system.parse().ok(), as_of).await,
            ("agreement", [system, owner]) => {
                let agreement = system.parse().ok().zip(owner.parse().ok());
                system_user::standing(self, agreement, as_of).await
            }
            ("client-link", [user, client]) => {
                let link = uuid(user).map(SystemUserId::new).zip(party_id(client));
                client_link::standing(self, link, as_of).await
            }
            ("mandate", [from, to]) => {
                mandate::standing(self, party_id(from).zip(party_id(to)), as_of).await
            }
            ("resource", [resource]) => {
                resource::standing(self, resource.parse().ok(), as_of).await
            }
            ("resource-right", [resource, party]) => {
                let right = resource.parse().ok().zip(party_id(party));
                resource_right::standing(self, right, as_of).await
            }
            ("access-list", [owner, name]) => {
                let list = owner.parse().ok().zip(name.parse().ok());
                access_list::standing(self, list, as_of).await
            }
            ("catalogue", [name]) => catalogue::standing(self, name, as_of).await.map(Some),
            _ => return Err(unknown()),
        };
        standing?.ok_or_else(unknown)
    }
}

fn party_id(key: &str) -> Option<PartyId> {
    uuid(key).map(PartyId::new)
}

fn uuid(key: &str) -> Option<Uuid> {
    key.parse().ok()
}
