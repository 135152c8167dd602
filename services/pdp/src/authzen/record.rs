//! What the decision log holds of a search.

use std::collections::BTreeMap;

use fullmakt_events::{Actor, DecisionId, LedgerId, Position, Timestamp};
use fullmakt_projections::graph::Properties;
use fullmakt_vault::NationalNumber;
use serde::Serialize;
use serde_json::{Value, json};

use super::model::{Action, Entity};

/// What stands in a record for a national identity number.
const LEFT_OUT: &str = "[national identity number]";

/// One page of a search: what was asked, and what was found to be permitted. A page is one record,
/// and not one a candidate: nobody was given access yet.
#[derive(Debug, Clone, Serialize)]
pub(super) struct SearchRecord {
    pub(super) id: DecisionId,
    pub(super) caller: Option<Actor>,
    pub(super) correlation: Option<String>,
    pub(super) ledger: LedgerId,
    pub(super) position: Position,
    pub(super) evaluated_at: Timestamp,
    pub(super) engine: &'static str,
    pub(super) catalogues: BTreeMap<&'static str, String>,
    pub(super) search: SearchMade,
}

/// The search.
#[derive(Debug, Clone, Serialize)]
pub(super) struct SearchMade {
    /// What was asked, and for what.
    pub(super) request: Value,
    /// The candidate that the page begins after.
    pub(super) after: Option<String>,
    /// How many candidates were looked at.
    pub(super) considered: usize,
    /// Those that are permitted.
    pub(super) found: Vec<String>,
}

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

/// Leaves national identity numbers out: the log is kept for ever, and nobody could erase them there.
pub(super) fn mask(value: &mut Value) {
    match value {
        Value::String(text) => {
            if text.parse::<NationalNumber>().is_ok() {
                LEFT_OUT.clone_into(text);
            }
        }
        Value::Number(number) => {
            if number.to_string().parse::<NationalNumber>().is_ok() {
                *value = LEFT_OUT.into();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(mask),
        Value::Object(members) => members.values_mut().for_each(mask),
        Value::Null | Value::Bool(_) => {}
    }
}
