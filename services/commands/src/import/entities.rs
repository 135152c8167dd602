//! The import of the installation's own subjects and resources, which no register knows.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use fullmakt_domain::{Seen, national_number};
use fullmakt_events::{
    Position,
    event::{Catalogue, Entity},
};
use fullmakt_ledger::Ledger;
use serde_json::Map;

use super::{
    catalogue::published,
    publish::{PublishError, publish_catalogue},
};

/// The types whose entities come from the registers alone.
const TYPES_OF_REGISTERS: [&str; 5] =
    ["organization", "party", "person", "resource", "system_user"];

/// The most bytes of a type and of an identifier: pages of searches go on after one.
const NAME_BYTES_MAX: usize = 200;

/// Why a file of entities is not imported.
#[derive(Debug, thiserror::Error)]
pub enum EntitiesError {
    /// The file cannot be read.
    #[error("`{path}` cannot be read")]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is something else.
    #[error("`{path}` is not a list of `{{\"type\", \"id\", \"properties\"}}`")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// An entity has no usable type or identifier.
    #[error(
        "entity {number} of the file needs a `type` and an `id` of 1 to {NAME_BYTES_MAX} bytes \
         without control characters"
    )]
    Unnamed {
        /// Its number in the file, from one.
        number: usize,
    },
    /// An entity is of a type that a register knows.
    #[error(
        "entity {number} of the file has type `{kind}`, whose entities come from the registers; \
         choose another type"
    )]
    TypeOfRegister {
        /// Its number in the file, from one.
        number: usize,
        /// The type.
        kind: Seen,
    },
    /// An entity is given twice.
    #[error(
        "entity {number} of the file, `{id}` of type `{kind}`, stands there before; name it once"
    )]
    Twice {
        /// Its number in the file, from one.
        number: usize,
        /// The type.
        kind: Seen,
        /// The identifier.
        id: Seen,
    },
    /// An entity names a person by number, which the ledger never holds.
    #[error("entity {number} of the file has a national identity number; name it otherwise")]
    NationalNumber {
        /// Its number in the file, from one.
        number: usize,
    },
    /// The ledger did not take them.
    #[error(transparent)]
    Publish(#[from] PublishError),
}

/// Reads a file of entities.
///
/// # Errors
/// When it cannot be read, or has what cannot be imported; the number of the entity is named.
pub fn read_entities(path: &Path) -> Result<Vec<Entity>, EntitiesError> {
    let owned = || path.to_owned();
    let text = fs::read(path).map_err(|source| EntitiesError::Open { path: owned(), source })?;
    let entities = serde_json::from_slice(&text)
        .map_err(|source| EntitiesError::File { path: owned(), source })?;
    checked(entities)
}

/// Makes these all the entities there are. Others that were there are gone.
///
/// Answers the position from which they count, and whether anything was new.
///
/// # Errors
/// When the ledger does not take them. They are one record, and so not more than fit into one.
pub async fn import_entities(
    ledger: &Ledger,
    entities: Vec<Entity>,
) -> Result<(Position, bool), EntitiesError> {
    let catalogue = published(Catalogue::Entities(entities)).map_err(PublishError::Catalogue)?;
    Ok(publish_catalogue(ledger, catalogue).await?)
}

/// The entities in the order of their names, so that the same ones are the same version.
fn checked(mut entities: Vec<Entity>) -> Result<Vec<Entity>, EntitiesError> {
    let mut known = BTreeSet::new();
    for (number, entity) in (1..).zip(&entities) {
        let Entity { kind, id, properties } = entity;
        if !is_name(kind) || !is_name(id) {
            return Err(EntitiesError::Unnamed { number });
        }
        if TYPES_OF_REGISTERS.contains(&kind.as_str()) {
            return Err(EntitiesError::TypeOfRegister { number, kind: Seen::new(kind) });
        }
        if has_national_number(kind, id, properties) {
            return Err(EntitiesError::NationalNumber { number });
        }
        if !known.insert((kind.as_str(), id.as_str())) {
            let (kind, id) = (Seen::new(kind), Seen::new(id));
            return Err(EntitiesError::Twice { number, kind, id });
        }
    }
    entities.sort_by(|one, other| (&one.kind, &one.id).cmp(&(&other.kind, &other.id)));
    Ok(entities)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= NAME_BYTES_MAX && !text.chars().any(char::is_control)
}

fn has_national_number(kind: &str, id: &str, properties: &Map<String, serde_json::Value>) -> bool {
    [kind, id].into_iter().any(|text| national_number::find(text).is_some())
        || national_number::find_in_json(properties).is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(content: &serde_json::Value) -> Result<Vec<Entity>, EntitiesError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), content.to_string()).unwrap();
        read_entities(file.path())
    }

    #[test]
    fn entities_are_read_in_the_order_of_their_names_whatever_the_order_of_the_file() {
        let (alice, plan) = (
            json!({ "type": "user", "id": "alice" }),
            json!({ "type": "plan", "id": "7", "properties": { "status": "active" } }),
        );
        let one = read(&json!([alice, plan])).unwrap();
        let other = read(&json!([plan, alice])).unwrap();
        assert_eq!(one, other);
        let names: Vec<_> = one.iter().map(|entity| entity.id.as_str()).collect();
        assert_eq!(names, ["7", "alice"]);
        assert_eq!(one[0].properties["status"], "active");
    }

    #[test]
    fn what_cannot_be_an_entity_is_refused_with_its_number() {
        let good = json!({ "type": "user", "id": "alice" });
        for (wrong, reason) in [
            (json!({ "type": "", "id": "a" }), "needs a `type` and an `id`"),
            (json!({ "type": "user", "id": "" }), "needs a `type` and an `id`"),
            (json!({ "type": "user", "id": "a".repeat(201) }), "of 1 to 200 bytes"),
            (json!({ "type": "user", "id": "a\nb" }), "without control characters"),
            (json!({ "type": "system_user", "id": "a" }), "come from the registers"),
            (good.clone(), "stands there before"),
            (json!({ "type": "user", "id": "15837130260" }), "national identity number"),
            (
                json!({ "type": "user", "id": "b", "properties": { "x": ["15837130260"] } }),
                "national identity number",
            ),
        ] {
            let refused = read(&json!([good, wrong])).unwrap_err().to_string();
            assert!(refused.contains(reason) && refused.contains("entity 2"), "{refused}");
        }
        for content in [json!({}), json!([{ "type": "user" }]), json!([{ "type": 1, "id": "a" }])] {
            assert!(matches!(read(&content), Err(EntitiesError::File { .. })), "{content}");
        }
        let absent = read_entities(Path::new("/nowhere/entities.json"));
        assert!(matches!(absent, Err(EntitiesError::Open { .. })));
    }
}
