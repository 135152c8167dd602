//! What the decision log holds of what a search asked.

use fullmakt_projections::graph::Properties;
use serde_json::{Value, json};

use super::model::{Action, Entity};

/// What was asked.
pub(super) fn request(
    searched: &'static str,
    (subject, resource): (&Entity, &Entity),
    action: Option<&Action>,
    context: &Properties,
) -> Value {
    let entity = |entity: &Entity| json!({ "type": entity.kind, "id": entity.id, "properties": entity.properties });
    json!({
        "searched": searched,
        "subject": entity(subject),
        "resource": entity(resource),
        "action": action
            .map(|action| json!({ "name": action.name, "properties": action.properties })),
        "context": context,
    })
}
