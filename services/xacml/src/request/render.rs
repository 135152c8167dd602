//! Attributes in JSON (JSON profile 1.1), as requests and responses carry them.

use serde_json::{Map, Value as Json, json};

use super::{Attribute, AttributeCategory, Request, RequestDocument};
use crate::value::{DataType, Value};
use crate::xpath::XPathExpression;

impl Request {
    /// The request as a JSON value; read again, it asks for the same decision.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let categories: Vec<_> = self.categories.iter().map(category).collect();
        json!({ "Request": { "ReturnPolicyIdList": self.return_policies, "Category": categories } })
    }
}

impl RequestDocument {
    /// The document as a JSON value; read again, it asks for the same decisions.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let categories: Vec<_> = self.categories.iter().map(category).collect();
        let reference = |ids: &Vec<String>| json!({ "ReferenceId": ids });
        let references: Vec<_> = self.references.iter().map(reference).collect();
        let multiple = (!references.is_empty()).then(|| json!({ "RequestReference": references }));
        json!({ "Request": {
            "ReturnPolicyIdList": self.return_policies,
            "CombinedDecision": self.combined_decision,
            "Category": categories,
            "MultiRequests": multiple,
        } })
    }
}

/// Attributes of one category.
pub(crate) fn category(category: &AttributeCategory) -> Json {
    let mut json = Map::new();
    put(&mut json, "CategoryId", Some(&category.category));
    put(&mut json, "Id", category.id.as_deref());
    put(&mut json, "Content", category.content.as_deref());
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

/// A value in the JSON type it has in the profile; an integer beyond 64 bits as text.
pub(crate) fn value(value: &Value) -> Json {
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
    if let Value::XPathExpression(expression) = value {
        return path(expression);
    }
    Json::String(value.to_string())
}

/// An XPath expression, which is more than a text.
fn path(expression: &XPathExpression) -> Json {
    let mut json = Map::new();
    put(&mut json, "XPathCategory", Some(&expression.category));
    let of = |(prefix, uri): &(String, String)| json!({ "Prefix": prefix, "Namespace": uri });
    let namespaces: Vec<_> = expression.path.namespaces().iter().map(of).collect();
    if !namespaces.is_empty() {
        json.insert("Namespaces".to_owned(), Json::Array(namespaces));
    }
    put(&mut json, "XPath", Some(expression.path.text()));
    Json::Object(json)
}

/// Adds a member, if there is a text for it.
pub(crate) fn put(json: &mut Map<String, Json>, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        json.insert(name.to_owned(), Json::String(text.to_owned()));
    }
}
