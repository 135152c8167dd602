//! The resource registry.

use fullmakt_events::{
    Position, ResourceId,
    event::{ResourceDefinition, ResourceEvent},
};

use crate::{EntityKey, Keyed, Place, ReadModel, sql::statements};

statements! { "resources":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// One resource.
    BY_ENTITY = "by_entity",
    /// A page of all resources.
    LIST = "list",
}

/// A resource of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceRow {
    /// What the registry holds of it.
    pub definition: ResourceDefinition,
    /// The position from which a right in the rights registry is required, if it is.
    pub registry_required_since: Option<Position>,
}

impl ResourceRow {
    /// The key of a resource.
    #[must_use]
    pub fn key(resource: &ResourceId) -> EntityKey {
        EntityKey::of(&[resource.as_str()])
    }
}

/// What happens to a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResourceChange {
    /// It is in the registry.
    Created(Box<ResourceRow>),
    /// A right in the rights registry is required from this position on.
    RegistryRequired(Position),
    /// No right in the rights registry is required.
    RegistryWaived,
}

/// The table `resources`.
#[derive(Debug)]
pub struct Resources;

impl ReadModel for Resources {
    type Row = ResourceRow;
    type Change = ResourceChange;

    const NAME: &'static str = "resources";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(row: Option<&ResourceRow>, change: &ResourceChange) -> Option<ResourceRow> {
        match change {
            ResourceChange::Created(row) => Some((**row).clone()),
            ResourceChange::RegistryRequired(at) => row.map(|row| ResourceRow {
                registry_required_since: row.registry_required_since.or(Some(*at)),
                ..row.clone()
            }),
            ResourceChange::RegistryWaived => {
                row.map(|row| ResourceRow { registry_required_since: None, ..row.clone() })
            }
        }
    }
}

pub(crate) fn project(event: &ResourceEvent, place: &Place) -> Option<Keyed<ResourceChange>> {
    let position = place.sequence.position;
    let (id, change) = match event {
        ResourceEvent::Created(created) => {
            let definition = created.resource.clone();
            let row = ResourceRow { definition, registry_required_since: None };
            (&created.resource.id, ResourceChange::Created(Box::new(row)))
        }
        ResourceEvent::RegistryRequired(required) => {
            (&required.id, ResourceChange::RegistryRequired(position))
        }
        ResourceEvent::RegistryWaived(waived) => (&waived.id, ResourceChange::RegistryWaived),
        ResourceEvent::PolicyPublished(_) => return None,
    };
    Some(Keyed { entity: ResourceRow::key(id), position, change })
}
