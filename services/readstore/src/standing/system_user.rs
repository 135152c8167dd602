//! The system users of one system for one owner.

use fullmakt_events::{
    OrgNumber, Position, SystemId,
    event::{AgreementEvent, SystemUserCreated, SystemUserPaused},
};
use fullmakt_projections::{SystemUserRow, Version};

use super::Standing;
use crate::{ReadError, Reader};

pub(super) async fn standing(
    reader: &Reader,
    agreement: Option<(SystemId, OrgNumber)>,
    as_of: Position,
) -> Result<Option<Vec<Standing>>, ReadError> {
    let Some((system, owner)) = agreement else { return Ok(None) };
    let versions = reader.system_users_of_agreement(&system, owner, Some(as_of)).await?;
    let of_each = versions.chunk_by(|one, next| one.row.id == next.row.id);
    Ok(Some(of_each.filter_map(present).flatten().collect()))
}

/// The present facts of a system user with these versions; none once it is deleted.
fn present(versions: &[Version<SystemUserRow>]) -> Option<Vec<Standing>> {
    let last = versions.last().filter(|last| !last.row.is_deleted)?;
    let is_same = |version: &&Version<SystemUserRow>| gives(&version.row) == gives(&last.row);
    let since = versions.iter().rev().take_while(is_same).last()?.from;
    let row = last.row.clone();
    let (id, by) = (row.id, row.owner_party);
    let created = AgreementEvent::SystemUserCreated(SystemUserCreated {
        id,
        kind: row.kind,
        system: row.system,
        vendor: row.vendor,
        owner: row.owner,
        owner_party: row.owner_party,
        external_ref: row.external_ref,
        integration_title: row.integration_title,
        rights: row.rights,
        delegated: row.delegated,
        access_packages: row.access_packages,
    });
    // Who paused it is not in the read model: no decision rests on it.
    let paused =
        row.is_paused.then_some(AgreementEvent::SystemUserPaused(SystemUserPaused { id, by }));
    let facts = std::iter::once(created).chain(paused);
    Some(facts.map(|fact| Standing::new(fact, since)).collect())
}

/// What of a row gives access. A name gives none, and another one makes no new fact.
fn gives(row: &SystemUserRow) -> impl PartialEq {
    (row.rights.clone(), row.delegated.clone(), row.access_packages.clone(), row.is_paused)
}
