//! System users.

pub(crate) mod by_external_id;
pub(crate) mod delegations;
pub(crate) mod get;
pub(crate) mod internal_get;
pub(crate) mod list;
pub(crate) mod list_agents;
pub(crate) mod own_get;
mod registered;
pub(crate) mod stream;
pub(crate) mod vendor_by_query;
pub(crate) mod vendor_list;

use std::collections::BTreeMap;

use fullmakt_domain::AuthCode;
use fullmakt_events::{
    PartyNumber, SystemId, SystemInternalId, SystemUserId, event::SystemUserKind,
};
use fullmakt_http::AltinnError;
use fullmakt_projections::{PartyRow, SystemUserRow};
use fullmakt_wire::{InternalSystemUser, OwnerView, auth_error};
use uuid::Uuid;

use fullmakt_reading::{Reading, failed_there};

use crate::access;

/// The system users of one kind of a party, as its own pages list them.
async fn of_owner(
    reading: &Reading,
    number: PartyNumber,
    kind: SystemUserKind,
) -> Result<Vec<InternalSystemUser>, AltinnError> {
    let Some(owner) = access::party(reading, number).await? else { return Ok(Vec::new()) };
    let rows = reading.reader.system_users_of_owner(owner.party, kind, None).await;
    let mut systems = BTreeMap::new();
    let mut users = Vec::new();
    for row in rows.map_err(failed_there)? {
        let system = if let Some(known) = systems.get(&row.system) {
            *known
        } else {
            let system = internal_id(reading, &row.system).await?;
            systems.insert(row.system.clone(), system);
            system
        };
        let view = OwnerView { system, number: owner.number, party: owner.party };
        users.push(InternalSystemUser::new(&(&row.row).into(), view));
    }
    Ok(users)
}

/// A system user of a party, by the id in a path, and the party.
async fn of_party(
    reading: &Reading,
    number: PartyNumber,
    id: &str,
) -> Result<(SystemUserRow, PartyRow), AltinnError> {
    let unknown = || auth_error(AuthCode::SystemUserNotFound, "the party has no such system user");
    let id = SystemUserId::new(id.parse::<Uuid>().map_err(|_| unknown())?);
    let owner = access::party(reading, number).await?.ok_or_else(unknown)?;
    let user = reading.reader.system_user(id, None).await.map_err(failed_there)?;
    let user = user
        .filter(|user| !user.is_deleted && user.owner_party == owner.party)
        .ok_or_else(unknown)?;
    Ok((user.row, owner))
}

/// The register's internal id of a system.
async fn internal_id(
    reading: &Reading,
    system: &SystemId,
) -> Result<Option<SystemInternalId>, AltinnError> {
    let system = reading.reader.system(system, None).await.map_err(failed_there)?;
    Ok(system.map(|system| system.internal_id))
}
