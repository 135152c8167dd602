//! Responses in JSON (JSON profile 1.1), in the standard's names.

use serde_json::{Map, Value as Json, json};

use super::{
    Assignment, DecisionResult, MissingAttribute, Notice, PolicyIdentifier, Response, Status,
};
use crate::model::ReferenceKind;
use crate::request::{category, put, value};

impl Response {
    /// The response as a JSON value; what is empty is left out.
    #[must_use]
    pub fn to_json(&self) -> Json {
        json!({ "Response": self.results.iter().map(result).collect::<Vec<_>>() })
    }
}

fn result(result: &DecisionResult) -> Json {
    let mut json = Map::new();
    put(&mut json, "Decision", Some(result.decision.name()));
    json.insert("Status".to_owned(), status(&result.status));
    put_list(&mut json, "Obligations", &result.obligations, notice);
    put_list(&mut json, "AssociatedAdvice", &result.advice, notice);
    put_list(&mut json, "Category", &result.attributes, category);
    if !result.policies.is_empty() {
        let of = |kind| result.policies.iter().filter(move |policy| policy.kind == kind);
        let mut lists = Map::new();
        let policies: Vec<_> = of(ReferenceKind::Policy).collect();
        put_list(&mut lists, "PolicyIdReference", &policies, |policy| identifier(policy));
        let sets: Vec<_> = of(ReferenceKind::PolicySet).collect();
        put_list(&mut lists, "PolicySetIdReference", &sets, |policy| identifier(policy));
        json.insert("PolicyIdentifierList".to_owned(), Json::Object(lists));
    }
    Json::Object(json)
}

fn status(status: &Status) -> Json {
    let mut json = Map::new();
    put(&mut json, "StatusMessage", status.message.as_deref());
    json.insert("StatusCode".to_owned(), json!({ "Value": status.code.id() }));
    if !status.missing.is_empty() {
        let details: Vec<_> = status.missing.iter().map(missing).collect();
        json.insert("StatusDetail".to_owned(), json!({ "MissingAttributeDetail": details }));
    }
    Json::Object(json)
}

fn missing(missing: &MissingAttribute) -> Json {
    let mut json = Map::new();
    put(&mut json, "Category", Some(&missing.category));
    put(&mut json, "AttributeId", Some(&missing.id));
    put(&mut json, "DataType", Some(missing.data_type.id()));
    put(&mut json, "Issuer", missing.issuer.as_deref());
    Json::Object(json)
}

fn notice(notice: &Notice) -> Json {
    let mut json = Map::new();
    put(&mut json, "Id", Some(&notice.id));
    put_list(&mut json, "AttributeAssignment", &notice.assignments, assignment);
    Json::Object(json)
}

fn assignment(assignment: &Assignment) -> Json {
    let mut json = Map::new();
    put(&mut json, "AttributeId", Some(&assignment.attribute_id));
    json.insert("Value".to_owned(), value(&assignment.value));
    put(&mut json, "DataType", Some(assignment.value.data_type().id()));
    put(&mut json, "Category", assignment.category.as_deref());
    put(&mut json, "Issuer", assignment.issuer.as_deref());
    Json::Object(json)
}

fn identifier(policy: &PolicyIdentifier) -> Json {
    json!({ "Id": policy.id, "Version": policy.version })
}

fn put_list<T>(json: &mut Map<String, Json>, name: &str, list: &[T], render: impl Fn(&T) -> Json) {
    if !list.is_empty() {
        json.insert(name.to_owned(), Json::Array(list.iter().map(render).collect()));
    }
}
