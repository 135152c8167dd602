//! What somebody who is logged in does in the name of a party, such as to approve or to delete.

use fullmakt_events::{PartyId, PartyNumber, StreamName, SystemUserId};
use fullmakt_http::AltinnError;
use fullmakt_ledger::{Attempt, CommandError};
use fullmakt_pep::{Caller, PartyRef};

use crate::{
    CommandState,
    authorize::{self, ACCESS_MANAGEMENT},
    request::Request,
};

/// A person who acts in the name of a party on a request or the system user that came of it.
pub(crate) struct OnBehalf {
    /// The person.
    pub(crate) by: PartyId,
    /// The party.
    pub(crate) party: PartyNumber,
    /// The request, or the system user.
    pub(crate) id: SystemUserId,
    pub(crate) state: CommandState,
    caller: Caller,
}

impl OnBehalf {
    pub(crate) fn new(
        state: &CommandState,
        request: &Request,
        party: u32,
        id: SystemUserId,
    ) -> Result<Self, AltinnError> {
        Ok(Self {
            by: authorize::person(&request.caller)?,
            party: PartyNumber::new(party),
            id,
            state: state.clone(),
            caller: request.caller.clone(),
        })
    }

    /// The turn: which agreement it is about is found while deciding, so that the id stands for it.
    pub(crate) fn turn(&self) -> StreamName {
        agreement_of(self.id)
    }

    /// Lets the person through if it manages the party's access.
    pub(crate) async fn permit(
        &self,
        attempt: &mut Attempt,
    ) -> Result<(), CommandError<AltinnError>> {
        let may = (ACCESS_MANAGEMENT, "write");
        let party = PartyRef::Number(self.party);
        authorize::permit(&self.state, attempt, &self.caller, may, party).await
    }
}

/// A name that stands for the agreement that a request belongs to, before it is found.
pub(crate) fn agreement_of(id: SystemUserId) -> StreamName {
    StreamName::of("agreement", &[&id.to_string()])
}
