//! A unit or person, and who holds roles for it.

use fullmakt_events::{
    PartyId, Position,
    event::{PartyEvent, PartyRegistered, RoleAssigned},
};

use super::Standing;
use crate::{ReadError, Reader};

pub(super) async fn standing(
    reader: &Reader,
    party: Option<PartyId>,
    as_of: Position,
) -> Result<Option<Vec<Standing>>, ReadError> {
    let Some(party) = party else { return Ok(None) };
    let known = reader.party(party, Some(as_of)).await?;
    let mut standing: Vec<Standing> = known
        .into_iter()
        .map(|version| {
            let (number, facts) = (version.row.number, version.row.facts);
            let registered = PartyRegistered { party, number, facts };
            let fact = PartyEvent::Registered(registered);
            Standing { at: version.row.deleted, ..Standing::new(fact, version.from) }
        })
        .collect();
    for version in reader.roles_of_party(party, Some(as_of)).await? {
        let (role, holder) = (version.row.role, version.row.holder);
        let fact = PartyEvent::RoleAssigned(RoleAssigned { party, role, holder });
        standing.push(Standing::new(fact, version.from));
    }
    Ok(Some(standing))
}
