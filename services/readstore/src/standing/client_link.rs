//! What a system user may do for a client of its owner.

use fullmakt_events::{
    PartyId, Position, SystemUserId,
    event::{ClientLinkAdded, ClientLinkEvent},
};

use super::Standing;
use crate::{ReadError, Reader};

pub(super) async fn standing(
    reader: &Reader,
    link: Option<(SystemUserId, PartyId)>,
    as_of: Position,
) -> Result<Option<Vec<Standing>>, ReadError> {
    let Some((user, client)) = link else { return Ok(None) };
    let added = reader.client_link(user, client, Some(as_of)).await?.map(|version| {
        let row = version.row;
        let added = ClientLinkAdded {
            system_user: row.system_user,
            client: row.client,
            access_packages: row.access_packages,
            rights: row.rights,
            validity: row.validity,
            // Who added it is not in the read model: no decision rests on it.
            by: row.client,
        };
        Standing::new(ClientLinkEvent::Added(added), version.from)
    });
    Ok(Some(added.into_iter().collect()))
}
