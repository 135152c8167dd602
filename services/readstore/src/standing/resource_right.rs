//! The rights of a party to a resource in the rights registry.

use fullmakt_events::{
    PartyId, Position, ResourceId,
    event::{ResourceRightEvent, ResourceRightGranted},
};

use super::Standing;
use crate::{ReadError, Reader};

pub(super) async fn standing(
    reader: &Reader,
    right: Option<(ResourceId, PartyId)>,
    as_of: Position,
) -> Result<Option<Vec<Standing>>, ReadError> {
    let Some((resource, party)) = right else { return Ok(None) };
    let versions = reader.resource_rights_of(party, Some(as_of)).await?;
    let to_resource = versions.into_iter().filter(|own| own.row.right.resource == resource);
    let standing = to_resource.map(|version| {
        // Who granted it is not in the read model: no decision rests on it.
        let granted = ResourceRightGranted { right: version.row.right, by: party };
        Standing::new(ResourceRightEvent::Granted(granted), version.from)
    });
    Ok(Some(standing.collect()))
}
