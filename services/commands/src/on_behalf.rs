//! What somebody who is logged in does in the name of a party, such as to approve or to delete.

use std::fmt::Display;

use fullmakt_events::{PartyId, PartyNumber, StreamName, SystemUserId};
use fullmakt_http::AltinnError;
use fullmakt_ledger::{Attempt, CommandError};
use fullmakt_pep::{Caller, PartyRef};

use crate::{
    CommandState,
    authorize::{self, ACCESS_MANAGEMENT},
    request::Request,
};

/// A person who acts in the name of a party on a request, the system user that came of it, or a
/// change request.
pub(crate) struct OnBehalf<I = SystemUserId> {
    /// The person.
    pub(crate) by: PartyId,
    /// The party.
    pub(crate) party: PartyNumber,
    /// What it acts on.
    pub(crate) id: I,
    pub(crate) state: CommandState,
    caller: Caller,
}

impl<I> OnBehalf<I> {
    pub(crate) fn new(
        state: &CommandState,
        request: &Request,
        party: u32,
        id: I,
    ) -> Result<Self, AltinnError> {
        Ok(Self {
            by: authorize::person(&request.caller)?,
            party: PartyNumber::new(party),
            id,
            state: state.clone(),
            caller: request.caller.clone(),
        })
    }

    /// The turn: which agreement it is about is found while deciding, so that the party stands for
    /// all of its agreements. Many answers of one party at once would supersede each other.
    pub(crate) fn turn(&self) -> StreamName {
        StreamName::party_number(self.party)
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

    /// Lets the person through if it represents the party, whether or not it manages its access.
    pub(crate) async fn represents(
        &self,
        attempt: &mut Attempt,
    ) -> Result<(), CommandError<AltinnError>> {
        let party = PartyRef::Number(self.party);
        authorize::represents(&self.state, attempt, self.by, party).await
    }
}

/// A name that stands for the agreement that a request belongs to, before it is found.
pub(crate) fn agreement_of(id: impl Display) -> StreamName {
    StreamName::of("agreement", &[&id.to_string()])
}
