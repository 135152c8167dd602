//! What is asked.

use fullmakt_events::{PartyId, ResourceId, SystemUserId, Timestamp};
use fullmakt_xacml::Request;

/// May this subject do this, here, for this party, now?
#[derive(Debug, Clone)]
pub struct Question {
    /// Who acts; nothing where the request names no subject that facts are kept about.
    pub subject: Option<Subject>,
    /// The resource.
    pub resource: ResourceId,
    /// What is to be done.
    pub action: String,
    /// The party that is represented; nothing where the request names none.
    pub party: Option<PartyId>,
    /// The time asked about.
    pub at: Timestamp,
    /// The attributes of the request, before any facts were added.
    pub request: Request,
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A person or an organisation.
    Party(PartyId),
    /// A system user.
    SystemUser(SystemUserId),
}
