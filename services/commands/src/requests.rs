//! Requests for system users.

pub(crate) mod approve;
pub(crate) mod create;
pub(crate) mod reject;
pub(crate) mod withdraw;

use fullmakt_domain::agreement::AgreementError;
use fullmakt_events::{PartyId, PartyNumber, SystemUserId};
use fullmakt_http::AltinnError;
use fullmakt_ledger::{Attempt, CommandError};
use uuid::Uuid;

use crate::{CommandState, load, refusal};

/// The id in a path. What is no id names no request.
fn request_id(text: &str) -> Result<SystemUserId, AltinnError> {
    text.parse::<Uuid>().map(SystemUserId::new).map_err(|_| {
        let id = SystemUserId::new(Uuid::nil());
        refusal::agreement(&AgreementError::RequestNotFound { id })
    })
}

/// The agreement that a request belongs to, and the party in whose name it is answered.
async fn located(
    state: &CommandState,
    attempt: &mut Attempt,
    id: SystemUserId,
    number: PartyNumber,
) -> Result<(fullmakt_events::StreamName, PartyId), CommandError<AltinnError>> {
    let refused = |error: AgreementError| CommandError::Refused(refusal::agreement(&error));
    let party = load::party_of_number(attempt, number).await?;
    let request = load::locate_request(state, attempt, id).await?;
    let request = request.ok_or_else(|| refused(AgreementError::RequestNotFound { id }))?;
    let party = party.ok_or_else(|| refused(AgreementError::RequestOfAnotherParty { id }))?;
    let stream = fullmakt_events::StreamName::agreement(&request.system, request.customer);
    Ok((stream, party))
}
