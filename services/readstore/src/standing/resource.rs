//! A resource, its policy, and whether it requires a right in the rights registry.

use fullmakt_events::{
    Position, ResourceId,
    event::{PolicyPublished, RegistryRequired, ResourceCreated, ResourceEvent},
};

use super::Standing;
use crate::{ReadError, Reader};

pub(super) async fn standing(
    reader: &Reader,
    resource: Option<ResourceId>,
    as_of: Position,
) -> Result<Option<Vec<Standing>>, ReadError> {
    let Some(id) = resource else { return Ok(None) };
    let mut standing = Vec::new();
    if let Some(version) = reader.resource(&id, Some(as_of)).await? {
        // INVARIANT: a definition never changes, and no decision rests on when it was made.
        let created = ResourceCreated { resource: version.row.definition };
        standing.push(Standing::new(ResourceEvent::Created(created), version.from));
        let required = ResourceEvent::RegistryRequired(RegistryRequired { id: id.clone() });
        let since = version.row.registry_required_since;
        standing.extend(since.map(|since| Standing::new(required, since)));
    }
    if let Some(version) = reader.policy(&id, Some(as_of)).await? {
        let published = PolicyPublished { id, hash: version.row.hash, xml: version.row.xml };
        standing.push(Standing::new(ResourceEvent::PolicyPublished(published), version.from));
    }
    Ok(Some(standing))
}
