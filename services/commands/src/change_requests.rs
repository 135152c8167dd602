//! Requests to change what a system user has.

pub(crate) mod approve;
pub(crate) mod reject;
pub(crate) mod request;
pub(crate) mod withdraw;

use fullmakt_domain::agreement::AgreementError;
use fullmakt_events::{ChangeRequestId, PartyId, StreamName};
use fullmakt_http::AltinnError;
use fullmakt_ledger::{Attempt, CommandError};
use uuid::Uuid;

use crate::{load, on_behalf::OnBehalf, refusal};

/// The id in a path. What is no id names no change request.
fn change_request_id(text: &str) -> Result<ChangeRequestId, AltinnError> {
    text.parse::<Uuid>().map(ChangeRequestId::new).map_err(|_| {
        let id = ChangeRequestId::new(Uuid::nil());
        refusal::agreement(&AgreementError::ChangeNotFound { id })
    })
}

/// The agreement that a change request belongs to, and the party in whose name it is answered.
async fn located(
    on_behalf: &OnBehalf<ChangeRequestId>,
    attempt: &mut Attempt,
) -> Result<(StreamName, PartyId), CommandError<AltinnError>> {
    let OnBehalf { id, party, state, .. } = on_behalf;
    let id = *id;
    let refused = |error: AgreementError| CommandError::Refused(refusal::agreement(&error));
    let party = load::party_of_number(attempt, *party).await?;
    let request = load::locate_change_request(state, attempt, id).await?;
    let request = request.ok_or_else(|| refused(AgreementError::ChangeNotFound { id }))?;
    let party = party.ok_or_else(|| refused(AgreementError::ChangeOfAnotherParty { id }))?;
    Ok((StreamName::agreement(&request.system, request.customer), party))
}
