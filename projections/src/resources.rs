//! The resource registry.

use fullmakt_events::{
    ResourceId,
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

    fn apply(_row: Option<&ResourceRow>, change: &ResourceChange) -> Option<ResourceRow> {
        match change {
            ResourceChange::Created(row) => Some((**row).clone()),
        }
    }
}

pub(crate) fn project(event: &ResourceEvent, place: &Place) -> Option<Keyed<ResourceChange>> {
    match event {
        ResourceEvent::Created(created) => Some(Keyed {
            entity: ResourceRow::key(&created.resource.id),
            position: place.sequence.position,
            change: ResourceChange::Created(Box::new(ResourceRow {
                definition: created.resource.clone(),
            })),
        }),
        ResourceEvent::PolicyPublished(_)
        | ResourceEvent::RegistryRequired(_)
        | ResourceEvent::RegistryWaived(_) => None,
    }
}
