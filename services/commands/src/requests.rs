//! Requests for system users.

mod answer;
pub(crate) mod approve;
pub(crate) mod create;
pub(crate) mod escalate;
pub(crate) mod reject;
pub(crate) mod withdraw;

use fullmakt_domain::{
    Decider,
    agreement::{Agreement, AgreementCommand, AgreementError},
};
use fullmakt_events::{
    PartyId, StreamName, SystemUserId,
    event::{CommandAnswer, SystemUserKind},
};
use fullmakt_http::AltinnError;
use fullmakt_ledger::{Attempt, CommandError, Decided};
use fullmakt_wire::scopes::PORTAL;
use uuid::Uuid;

use crate::{CommandState, load, on_behalf::OnBehalf, refusal, request::Request};

/// The id in a path. What is no id names no request.
fn request_id(kind: SystemUserKind, text: &str) -> Result<SystemUserId, AltinnError> {
    text.parse::<Uuid>().map(SystemUserId::new).map_err(|_| {
        let id = SystemUserId::new(Uuid::nil());
        refusal::agreement(&AgreementError::request_not_found(kind, id))
    })
}

/// Whoever is logged in, in the name of the party in a path, on the request of this kind in it.
fn on_behalf(
    state: &CommandState,
    request: &Request,
    (party, id): (u32, &str),
    kind: SystemUserKind,
) -> Result<OnBehalf, AltinnError> {
    request.caller.require_any_scope(&[PORTAL])?;
    OnBehalf::new(state, request, party, request_id(kind, id)?)
}

/// The agreement that a request of this kind belongs to, and the party in whose name it is answered.
async fn located(
    on_behalf: &OnBehalf,
    kind: SystemUserKind,
    attempt: &mut Attempt,
) -> Result<(StreamName, PartyId), CommandError<AltinnError>> {
    let OnBehalf { id, party, state, .. } = on_behalf;
    let id = *id;
    let refused = |error: AgreementError| CommandError::Refused(refusal::agreement(&error));
    let party = load::party_of_number(attempt, *party).await?;
    let request = load::locate_request(state, attempt, id).await?;
    let request = request.ok_or_else(|| refused(AgreementError::request_not_found(kind, id)))?;
    let party = party.ok_or_else(|| refused(AgreementError::request_of_another_party(kind, id)))?;
    Ok((StreamName::agreement(&request.system, request.customer), party))
}

/// What an agreement decides, as the writer wants it.
pub(crate) fn decided(
    agreement: &Agreement,
    command: &AgreementCommand,
    stream: &StreamName,
    answer: CommandAnswer,
) -> Result<Decided<CommandAnswer>, CommandError<AltinnError>> {
    decided_or(agreement, command, stream, answer, refusal::agreement)
}

/// The same where refusals are answered in another way.
pub(crate) fn decided_or<R>(
    agreement: &Agreement,
    command: &AgreementCommand,
    stream: &StreamName,
    answer: CommandAnswer,
    refused: fn(&AgreementError) -> R,
) -> Result<Decided<CommandAnswer>, CommandError<R>> {
    let events =
        agreement.decide(command).map_err(|error| CommandError::Refused(refused(&error)))?;
    if events.is_empty() {
        return Ok(Decided::Nothing(answer));
    }
    let events = events.into_iter().map(|event| (stream.clone(), event.into())).collect();
    Ok(Decided::Write { events, answer })
}
