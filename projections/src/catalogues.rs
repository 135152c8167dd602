//! Catalogues: access packages, roles, and what follows from roles.

use fullmakt_events::event::{Catalogue, CatalogueEvent};

use crate::{EntityKey, Keyed, Place, ReadModel, sql::statements};

statements! { "catalogues":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// One catalogue.
    BY_ENTITY = "by_entity",
    /// All versions of all catalogues, without what they hold.
    VERSIONS = "versions",
}

/// A version of a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueRow {
    /// The catalogue's name.
    pub name: String,
    /// The SHA-256 of the content's canonical JSON, hexadecimal.
    pub hash: String,
    /// The content.
    pub content: Catalogue,
}

impl CatalogueRow {
    /// The key of the catalogue with this name.
    #[must_use]
    pub fn key(name: &str) -> EntityKey {
        EntityKey::of(&[name])
    }
}

/// What happens to a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueChange {
    /// A version that replaces the one before.
    Published(Box<CatalogueRow>),
}

/// The table `catalogues`.
#[derive(Debug)]
pub struct Catalogues;

impl ReadModel for Catalogues {
    type Row = CatalogueRow;
    type Change = CatalogueChange;

    const NAME: &'static str = "catalogues";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(_row: Option<&CatalogueRow>, change: &CatalogueChange) -> Option<CatalogueRow> {
        match change {
            CatalogueChange::Published(row) => Some((**row).clone()),
        }
    }
}

pub(crate) fn project(event: &CatalogueEvent, place: &Place) -> Keyed<CatalogueChange> {
    match event {
        CatalogueEvent::Published(published) => {
            let name = published.content.name();
            Keyed {
                entity: CatalogueRow::key(name),
                position: place.sequence.position,
                change: CatalogueChange::Published(Box::new(CatalogueRow {
                    name: name.to_owned(),
                    hash: published.hash.clone(),
                    content: published.content.clone(),
                })),
            }
        }
    }
}
