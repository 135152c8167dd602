//! Explanations in JSON.

use serde_json::{Map, Value as Json, json};

use super::text::decision;
use super::{Explained, ExplainedLookup, ExplainedMatch, Explanation, Judgement, Sought};
use crate::request::Profile;
use crate::value::Value;

impl Explanation {
    /// The explanation as a JSON value; what is empty is left out.
    #[must_use]
    pub fn to_json(&self) -> Json {
        json!({ "Evaluated": self.root.as_ref().map(explained), "IsCut": self.is_cut })
    }
}

fn explained(what: &Explained) -> Json {
    let mut json = Map::new();
    put(&mut json, "Kind", Some(what.kind.name()));
    put(&mut json, "Id", Some(&what.id));
    put(&mut json, "Version", what.version.as_deref());
    put(&mut json, "Decision", Some(decision(what.decision)));
    put(&mut json, "Error", what.error.as_deref());
    put_judgement(&mut json, "Target", what.target.as_ref());
    put_judgement(&mut json, "Condition", what.condition.as_ref());
    put_list(&mut json, "Matches", &what.matches, compared);
    put_list(&mut json, "Lookups", &what.lookups, lookup);
    put_list(&mut json, "Children", &what.children, explained);
    Json::Object(json)
}

fn put_judgement(json: &mut Map<String, Json>, name: &str, judgement: Option<&Judgement>) {
    let (holds, reason) = match judgement {
        None => return,
        Some(Judgement::Holds) => (Json::Bool(true), None),
        Some(Judgement::Fails) => (Json::Bool(false), None),
        Some(Judgement::Unknown(reason)) => (Json::Null, Some(reason.as_str())),
    };
    json.insert(name.to_owned(), holds);
    put(json, &format!("{name}Error"), reason);
}

fn compared(compared: &ExplainedMatch) -> Json {
    let mut json = sought(&compared.sought);
    put(&mut json, "Function", Some(&compared.function.to_string()));
    json.insert("Literal".to_owned(), value(&compared.literal));
    if let Some(by) = &compared.by {
        json.insert("By".to_owned(), value(by));
    }
    put_judgement(&mut json, "Match", Some(&compared.judgement));
    Json::Object(json)
}

fn lookup(lookup: &ExplainedLookup) -> Json {
    let mut json = sought(&lookup.sought);
    put(&mut json, "Origin", Some(lookup.origin.name()));
    put_list(&mut json, "Value", &lookup.values, value);
    json.insert("IsMissing".to_owned(), Json::Bool(lookup.is_missing));
    Json::Object(json)
}

fn sought(sought: &Sought) -> Map<String, Json> {
    let mut json = Map::new();
    put(&mut json, "Category", Some(&sought.category));
    put(&mut json, if sought.is_path { "Path" } else { "AttributeId" }, Some(&sought.name));
    put(&mut json, "DataType", Some(sought.data_type.id()));
    put(&mut json, "Issuer", sought.issuer.as_deref());
    json
}

fn put_list<T>(json: &mut Map<String, Json>, name: &str, list: &[T], render: impl Fn(&T) -> Json) {
    if !list.is_empty() {
        json.insert(name.to_owned(), Json::Array(list.iter().map(render).collect()));
    }
}

/// A value as requests have it.
fn value(value: &Value) -> Json {
    json!(Profile(value))
}

/// Adds a member, if there is a text for it.
fn put(json: &mut Map<String, Json>, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        json.insert(name.to_owned(), Json::String(text.to_owned()));
    }
}
