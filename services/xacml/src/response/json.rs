//! Responses in JSON (JSON profile 1.1), in the standard's names.

use serde_json::{Map, Value as Json, json};

use super::{
    Assignment, DecisionResult, MissingAttribute, Notice, PolicyIdentifier, Response, Status,
};
use crate::model::ReferenceKind;
use crate::request::{Attribute, AttributeCategory};
use crate::value::{DataType, Value};

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

fn category(category: &AttributeCategory) -> Json {
    let mut json = Map::new();
    put(&mut json, "CategoryId", Some(&category.category));
    put(&mut json, "Id", category.id.as_deref());
    let attributes: Vec<_> = category.attributes.iter().flat_map(attributes).collect();
    json.insert("Attribute".to_owned(), Json::Array(attributes));
    Json::Object(json)
}

/// An attribute in JSON has one data type, so one with several becomes several.
fn attributes(attribute: &Attribute) -> Vec<Json> {
    let mut types: Vec<DataType> = attribute.values.iter().map(Value::data_type).collect();
    types.sort_unstable();
    types.dedup();
    let of_type = |data_type: DataType| {
        let values: Vec<_> = attribute
            .values
            .iter()
            .filter(|value| value.data_type() == data_type)
            .map(value)
            .collect();
        let mut json = Map::new();
        put(&mut json, "AttributeId", Some(&attribute.id));
        let value = match <[Json; 1]>::try_from(values) {
            Ok([only]) => only,
            Err(many) => Json::Array(many),
        };
        json.insert("Value".to_owned(), value);
        put(&mut json, "DataType", Some(data_type.id()));
        put(&mut json, "Issuer", attribute.issuer.as_deref());
        json.insert("IncludeInResult".to_owned(), Json::Bool(attribute.include_in_result));
        Json::Object(json)
    };
    types.into_iter().map(of_type).collect()
}

fn identifier(policy: &PolicyIdentifier) -> Json {
    json!({ "Id": policy.id, "Version": policy.version })
}

/// A value in the JSON type it has in the profile; an integer beyond 64 bits as text.
fn value(value: &Value) -> Json {
    if let Value::Boolean(truth) = value {
        return Json::Bool(*truth);
    }
    if let Value::Integer(number) = value
        && let Ok(number) = i64::try_from(number)
    {
        return Json::from(number);
    }
    if let Value::Double(number) = value
        && let Some(number) = serde_json::Number::from_f64(*number)
    {
        return Json::Number(number);
    }
    Json::String(value.to_string())
}

fn put(json: &mut Map<String, Json>, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        json.insert(name.to_owned(), Json::String(text.to_owned()));
    }
}

fn put_list<T>(json: &mut Map<String, Json>, name: &str, list: &[T], render: impl Fn(&T) -> Json) {
    if !list.is_empty() {
        json.insert(name.to_owned(), Json::Array(list.iter().map(render).collect()));
    }
}
