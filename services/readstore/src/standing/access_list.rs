//! An access list, with its members and the resources that it is connected with.

use fullmakt_events::{
    AccessListName, OwnerCode, PartyId, Position,
    event::{
        AccessListCreated, AccessListEvent, AccessListMembersAdded, AccessListResourceConnected,
    },
};
use uuid::Uuid;

use super::Standing;
use crate::{ReadError, Reader};

/// Who changed a list is not in the read models: no decision rests on it.
const NOBODY: PartyId = PartyId::new(Uuid::nil());

pub(super) async fn standing(
    reader: &Reader,
    list: Option<(OwnerCode, AccessListName)>,
    as_of: Position,
) -> Result<Option<Vec<Standing>>, ReadError> {
    let Some((owner, name)) = list else { return Ok(None) };
    let found = reader.access_list_by_name(&owner, &name, Some(as_of)).await?;
    let Some(version) = found else { return Ok(Some(Vec::new())) };
    let (id, by) = (version.row.id, NOBODY);
    let (title, description) = (version.row.title, version.row.description);
    let created = AccessListCreated { id, owner, name, title, description, by };
    let mut standing = vec![Standing::new(AccessListEvent::Created(created), version.from)];
    for version in reader.resources_of_list(id, Some(as_of)).await? {
        let (resource, actions) = (version.row.resource, version.row.actions);
        let connected = AccessListResourceConnected { id, resource, actions, by };
        standing.push(Standing::new(AccessListEvent::ResourceConnected(connected), version.from));
    }
    for version in reader.members_of_list(id, Some(as_of)).await? {
        let added = AccessListMembersAdded { id, members: vec![version.row.member], by };
        standing.push(Standing::new(AccessListEvent::MembersAdded(added), version.from));
    }
    Ok(Some(standing))
}
