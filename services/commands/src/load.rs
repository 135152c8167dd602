//! Loading what a command is decided on.

use fullmakt_domain::{
    Decider,
    facts::{PackageFact, PackageFacts, PartyFact},
    party::{OrgNumberClaim, Party, PartyNumberClaim},
};
use fullmakt_events::{
    ChangeRequestId, Event, OrgNumber, PartyId, PartyNumber, StreamName, SystemUserId,
    event::{Catalogue, CatalogueEvent},
};
use fullmakt_ledger::{Attempt, StreamEvent, Unavailable};
use fullmakt_projections::{ChangeRequestRow, RequestRow, SystemUserRow};

use crate::CommandState;

/// The state of one stream.
pub(crate) async fn state<D: Decider>(
    attempt: &mut Attempt,
    stream: StreamName,
) -> Result<D, Unavailable> {
    Ok(of(&attempt.load(stream).await?))
}

/// The state that a stream's events make.
pub(crate) fn of<D: Decider>(history: &[StreamEvent]) -> D {
    D::of_stream(history.iter().map(|event| (&event.event, event.at)))
}

/// What the newest catalogue says of all access packages.
pub(crate) async fn packages(attempt: &mut Attempt) -> Result<PackageFacts, Unavailable> {
    let history = attempt.load(StreamName::catalogue("access-packages")).await?;
    let newest = history.last().and_then(|event| match &event.event {
        Event::Catalogue(CatalogueEvent::Published(published)) => match &published.content {
            Catalogue::AccessPackages(packages) => Some(packages),
            Catalogue::Areas(_)
            | Catalogue::Roles(_)
            | Catalogue::RoleMap(_)
            | Catalogue::RolePackages(_)
            | Catalogue::EntityVariants(_)
            | Catalogue::Entities(_) => None,
        },
        Event::System(_)
        | Event::ClientId(_)
        | Event::TokenClient(_)
        | Event::TokenScope(_)
        | Event::Agreement(_)
        | Event::ChangeRequest(_)
        | Event::ClientLink(_)
        | Event::Mandate(_)
        | Event::Party(_)
        | Event::OrgNumber(_)
        | Event::PartyNumber(_)
        | Event::Resource(_)
        | Event::ResourceRight(_)
        | Event::AccessList(_)
        | Event::Command(_) => None,
    });
    let facts = newest.into_iter().flatten();
    Ok(facts.map(|package| (package.urn.clone(), PackageFact::from(package))).collect())
}

/// The party that has an organisation number.
pub(crate) async fn party_of_org(
    attempt: &mut Attempt,
    org: OrgNumber,
) -> Result<Option<PartyFact>, Unavailable> {
    let party = match state(attempt, StreamName::org(org)).await? {
        OrgNumberClaim::Free => return Ok(None),
        OrgNumberClaim::HeldBy(party) => party,
    };
    Ok(match state(attempt, StreamName::party(party)).await? {
        Party::Unknown => None,
        Party::Known(known) => Some(PartyFact { party, is_deleted: known.facts.is_deleted }),
    })
}

/// The party that has an integer id.
pub(crate) async fn party_of_number(
    attempt: &mut Attempt,
    number: PartyNumber,
) -> Result<Option<PartyId>, Unavailable> {
    Ok(match state(attempt, StreamName::party_number(number)).await? {
        PartyNumberClaim::Free => None,
        PartyNumberClaim::HeldBy(party) => Some(party),
    })
}

/// Where the request with this id is. Ids are never used for anything else, so that the read
/// models may be behind when they know one; when they do not, their position counts.
pub(crate) async fn locate_request(
    state: &CommandState,
    attempt: &mut Attempt,
    id: SystemUserId,
) -> Result<Option<RequestRow>, Unavailable> {
    let reader = reader(state, attempt).await?;
    let found = reader.request(id, None).await.map_err(|_| Unavailable::IndexAway)?;
    if found.is_none() {
        attempt.consult(reader.position(), []);
    }
    Ok(found.map(|request| request.row))
}

/// Where the system user with this id is, as [`locate_request`].
pub(crate) async fn locate_system_user(
    state: &CommandState,
    attempt: &mut Attempt,
    id: SystemUserId,
) -> Result<Option<SystemUserRow>, Unavailable> {
    let reader = reader(state, attempt).await?;
    let found = reader.system_user(id, None).await.map_err(|_| Unavailable::IndexAway)?;
    if found.is_none() {
        attempt.consult(reader.position(), []);
    }
    Ok(found.map(|user| user.row))
}

/// Where the change request with this id is, as [`locate_request`].
pub(crate) async fn locate_change_request(
    state: &CommandState,
    attempt: &mut Attempt,
    id: ChangeRequestId,
) -> Result<Option<ChangeRequestRow>, Unavailable> {
    let reader = reader(state, attempt).await?;
    let found = reader.change_request(id, None).await.map_err(|_| Unavailable::IndexAway)?;
    if found.is_none() {
        attempt.consult(reader.position(), []);
    }
    Ok(found.map(|request| request.row))
}

async fn reader(
    state: &CommandState,
    attempt: &Attempt,
) -> Result<fullmakt_readstore::Reader, Unavailable> {
    state
        .watch
        .wait_for(attempt.floor(), attempt.deadline())
        .await
        .map_err(|_| Unavailable::NotDecided)?;
    state.store.reader().await.map_err(|_| Unavailable::IndexAway)
}
