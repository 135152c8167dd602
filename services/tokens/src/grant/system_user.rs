//! The system user that a client asks for a token as, or why there is none. What is said of others
//! is what the vendor of the client's own system may know of that system, and nothing else.

use fullmakt_events::{OrgNumber, StreamName, SystemId, event::SystemUserKind};
use fullmakt_projections::{
    RequestStatus, SystemRow, SystemUserRow, TokenClientRow, ledger::VerdictKind,
};
use fullmakt_readstore::{ExternalId, Order, ReadError, Reader, RecordFilter, Reference};

use crate::{
    details::SystemUserDetails,
    oauth_error::{GrantError, seen},
    refusal::Refusal,
};

/// The system user that a client may be: of a system of the client's own organisation, that the
/// client acts for, and that the customer has a system user for.
pub(super) async fn find(
    reader: &Reader,
    client: &TokenClientRow,
    details: &SystemUserDetails,
) -> Result<SystemUserRow, GrantError> {
    let system = system(reader, client).await?.definition.id;
    let owner = details.owner;
    let external_ref = details.external_ref.clone().unwrap_or_else(|| owner.to_string());
    let id = ExternalId {
        client_id: client.client_id.clone(),
        vendor: client.owner,
        owner,
        external_ref: external_ref.clone(),
    };
    if let Some(user) = reader.system_user_by_external_id(&id, None).await? {
        // What a deleted organisation gave ended with it.
        if super::is_deleted(reader, owner).await? {
            return Err(Refusal::OwnerDeleted(owner.to_string()).into());
        }
        return Ok(user.row);
    }
    let reference = Reference { system, customer: owner, external_ref };
    Err(why_none(reader, reference, details.external_ref.is_some()).await?.into())
}

/// The system that a client acts for.
async fn system(reader: &Reader, client: &TokenClientRow) -> Result<SystemRow, GrantError> {
    let system = reader.system_of_client(&client.client_id, None).await?;
    if let Some(system) = system.filter(|system| system.definition.vendor == client.owner) {
        return Ok(system.row);
    }
    let id = client.client_id.to_string();
    Err(match deleted_system(reader, client).await? {
        Some(system) => Refusal::SystemDeleted { client: id, system: system.to_string() },
        None => Refusal::ClientWithoutSystem(id),
    }
    .into())
}

/// The system of the client's own organisation that the client acted for until it was deleted.
async fn deleted_system(
    reader: &Reader,
    client: &TokenClientRow,
) -> Result<Option<SystemId>, ReadError> {
    let last_change = RecordFilter {
        stream: Some(StreamName::client_id(&client.client_id)),
        verdict: Some(VerdictKind::Admitted),
        ..RecordFilter::default()
    };
    let records = reader.records(&last_change, Order::NewestFirst, None, 1).await?;
    let Some(before) = records.first().and_then(|record| record.position.previous()) else {
        return Ok(None);
    };
    let held = reader.system_of_client(&client.client_id, Some(before)).await?;
    let Some(held) = held.filter(|system| system.definition.vendor == client.owner) else {
        return Ok(None);
    };
    let now = reader.system(&held.definition.id, None).await?;
    Ok(now.filter(|system| system.is_deleted).map(|system| system.row.definition.id))
}

/// Why a customer has no system user with this reference.
async fn why_none(
    reader: &Reader,
    reference: Reference,
    is_reference_given: bool,
) -> Result<Refusal, ReadError> {
    let owner = reference.customer.to_string();
    let system = reference.system.to_string();
    let external_ref = seen(&reference.external_ref);
    let named = reader.system_user_by_reference(&reference, None).await?;
    if named.is_some_and(|user| user.is_paused) {
        return Ok(Refusal::Paused { owner, external_ref, system });
    }
    let request = reader.request_by_reference(&reference, None, None).await?;
    if request.is_some_and(|request| is_waiting(request.status)) {
        return Ok(Refusal::NotApproved { owner, external_ref, system });
    }
    let has_others = has_system_user(reader, reference.customer, &reference.system).await?;
    Ok(match (has_others, is_reference_given) {
        (false, _) => Refusal::WrongOrganisation { owner, system },
        (true, false) => Refusal::ExternalRefMissing { owner, system },
        (true, true) => Refusal::NoSystemUser { owner, external_ref, system },
    })
}

const fn is_waiting(status: RequestStatus) -> bool {
    match status {
        RequestStatus::New => true,
        RequestStatus::Accepted | RequestStatus::Rejected => false,
    }
}

/// Whether a customer has any system user of this system.
async fn has_system_user(
    reader: &Reader,
    owner: OrgNumber,
    system: &SystemId,
) -> Result<bool, ReadError> {
    let Some(party) = reader.party_by_org(owner, None).await? else { return Ok(false) };
    for kind in [SystemUserKind::Standard, SystemUserKind::Agent] {
        let users = reader.system_users_of_owner(party.party, kind, None).await?;
        if users.iter().any(|user| user.system == *system) {
            return Ok(true);
        }
    }
    Ok(false)
}
