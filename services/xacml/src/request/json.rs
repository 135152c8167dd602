//! Requests in JSON (JSON profile 1.1).

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

use super::{Attribute, AttributeCategory, Request, RequestDocument, RequestError};
use crate::ids;
use crate::limits::Limits;
use crate::value::{DataType, Value};
use crate::xpath::{XPath, XPathExpression, other_version};

/// The members that stand for a category.
const SHORTHANDS: [(&str, &str); 8] = [
    ("AccessSubject", ids::ACCESS_SUBJECT),
    ("RecipientSubject", ids::RECIPIENT_SUBJECT),
    ("IntermediarySubject", ids::INTERMEDIARY_SUBJECT),
    ("Codebase", ids::CODEBASE),
    ("RequestingMachine", ids::REQUESTING_MACHINE),
    ("Resource", ids::RESOURCE),
    ("Action", ids::ACTION),
    ("Environment", ids::ENVIRONMENT),
];

pub(super) fn read(text: &str, limits: &Limits) -> Result<RequestDocument, RequestError> {
    let json = parse(text, limits)?;
    let root = object(&json, "Request")?;
    let request =
        object(member(root, "Request").ok_or(RequestError::Missing("Request"))?, "Request")?;
    let mut document = RequestDocument {
        return_policies: flag(request, "ReturnPolicyIdList")?,
        combined_decision: flag(request, "CombinedDecision")?,
        ..RequestDocument::default()
    };
    // In the order of the document, which decides the order of the answers.
    for (name, value) in request {
        if value.is_null() {
            continue;
        }
        if let Some((name, category)) = SHORTHANDS.iter().find(|(known, _)| named(name, known)) {
            for entity in one_or_many(value) {
                let entity = object(entity, name)?;
                document.categories.push(attributes_of(entity, category)?);
            }
        } else if named(name, "Category") {
            for entity in one_or_many(value) {
                let entity = object(entity, "Category")?;
                let category =
                    text_of(entity, "CategoryId")?.ok_or(RequestError::Missing("CategoryId"))?;
                document.categories.push(attributes_of(entity, category_of(&category))?);
            }
        } else if named(name, "XPathVersion")
            && let Some(other) = other_version(value.as_str().unwrap_or_default())
        {
            return Err(RequestError::XPathVersion(other));
        } else if named(name, "MultiRequests") {
            document.references = references(object(value, "MultiRequests")?)?;
        }
    }
    Ok(document)
}

/// Attributes as a list, each with its category.
pub(crate) fn read_attributes(text: &str, limits: &Limits) -> Result<Request, RequestError> {
    let json = parse(text, limits)?;
    let mut attributes = Request::new();
    let mut values = 0_usize;
    for attribute in json.as_array().ok_or(RequestError::Form("attributes"))? {
        let attribute = object(attribute, "attributes")?;
        let category = text_of(attribute, "Category")?.ok_or(RequestError::Missing("Category"))?;
        let attribute = read_attribute(attribute)?;
        values = values.saturating_add(attribute.values.len());
        if values > limits.values {
            return Err(RequestError::TooManyValues { limit: limits.values });
        }
        attributes.add_attribute(category_of(&category), attribute);
    }
    Ok(attributes)
}

fn parse(text: &str, limits: &Limits) -> Result<Json, RequestError> {
    if text.len() > limits.bytes {
        return Err(RequestError::TooLarge { limit: limits.bytes });
    }
    // The parser itself stops at a depth of 128.
    serde_json::from_str(text)
        .map_err(|error| RequestError::Json { line: error.line(), column: error.column() })
}

fn attributes_of(
    entity: &Map<String, Json>,
    category: &str,
) -> Result<AttributeCategory, RequestError> {
    let attributes = match member(entity, "Attribute") {
        Some(attributes) => one_or_many(attributes)
            .map(|attribute| read_attribute(object(attribute, "Attribute")?))
            .collect::<Result<Vec<_>, _>>()?,
        None => Vec::new(),
    };
    Ok(AttributeCategory {
        category: category.to_owned(),
        id: text_of(entity, "Id")?,
        content: text_of(entity, "Content")?.map(content).map(Into::into),
        attributes,
    })
}

fn read_attribute(attribute: &Map<String, Json>) -> Result<Attribute, RequestError> {
    let data_type = text_of(attribute, "DataType")?
        .filter(|name| !name.is_empty())
        .map(|name| {
            DataType::from_id(&name)
                .or_else(|| DataType::from_name(&name))
                .ok_or(RequestError::UnknownDataType(name))
        })
        .transpose()?;
    let value = member(attribute, "Value").ok_or(RequestError::Missing("Value"))?;
    let values: Vec<&Json> = one_or_many(value).collect();
    let data_type = data_type.or_else(|| inferred(&values));
    let values = values
        .into_iter()
        .map(|value| read_value(value, data_type))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Attribute {
        id: text_of(attribute, "AttributeId")?.ok_or(RequestError::Missing("AttributeId"))?,
        issuer: text_of(attribute, "Issuer")?.filter(|issuer| !issuer.is_empty()),
        include_in_result: flag(attribute, "IncludeInResult")?,
        values,
    })
}

/// The data type of values that come without one; none when they have no common one.
fn inferred(values: &[&Json]) -> Option<DataType> {
    let of = |value: &&Json| match value {
        Json::String(_) => Some(DataType::String),
        Json::Bool(_) => Some(DataType::Boolean),
        Json::Number(number) if number.is_f64() => Some(DataType::Double),
        Json::Number(_) => Some(DataType::Integer),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    };
    let mut types = values.iter().map(of);
    let first = types.next().flatten()?;
    types.try_fold(first, |common, next| match (common, next?) {
        (common, next) if common == next => Some(common),
        (DataType::Integer, DataType::Double) | (DataType::Double, DataType::Integer) => {
            Some(DataType::Double)
        }
        _ => None,
    })
}

fn read_value(value: &Json, data_type: Option<DataType>) -> Result<Value, RequestError> {
    let wrong = RequestError::Form("Value");
    let Some(data_type) = data_type else { return Err(wrong) };
    if data_type == DataType::XPathExpression {
        return path(object(value, "Value")?).map(Value::XPathExpression);
    }
    let text = match (value, data_type) {
        (Json::String(text), _) => Cow::Borrowed(text.as_str()),
        (Json::Bool(truth), DataType::Boolean) => truth.to_string().into(),
        (Json::Number(number), DataType::Integer) if !number.is_f64() => number.to_string().into(),
        (Json::Number(number), DataType::Double) => number.to_string().into(),
        _ => return Err(wrong),
    };
    Ok(Value::parse(data_type, &text)?)
}

/// An XPath expression, which JSON writes as an object (JSON profile, section 3.3.3).
fn path(json: &Map<String, Json>) -> Result<XPathExpression, RequestError> {
    let required = |name| text_of(json, name)?.ok_or(RequestError::Missing(name));
    let namespaces = match member(json, "Namespaces") {
        Some(namespaces) => one_or_many(namespaces)
            .filter_map(|namespace| namespace_of(namespace).transpose())
            .collect::<Result<Vec<_>, _>>()?,
        None => Vec::new(),
    };
    let path = XPath::new(&required("XPath")?, namespaces)?;
    Ok(XPathExpression { category: category_of(&required("XPathCategory")?).to_owned(), path })
}

/// A prefix and what it stands for; the default namespace does not concern expressions.
fn namespace_of(json: &Json) -> Result<Option<(String, String)>, RequestError> {
    let json = object(json, "Namespaces")?;
    let uri = text_of(json, "Namespace")?.ok_or(RequestError::Missing("Namespace"))?;
    Ok(text_of(json, "Prefix")?.filter(|prefix| !prefix.is_empty()).map(|prefix| (prefix, uri)))
}

/// Content is XML, as it is or in base 64. What is neither is told when it is needed.
fn content(text: String) -> String {
    if text.trim_start().starts_with('<') {
        return text;
    }
    let decoded = Value::parse(DataType::Base64Binary, &text);
    if let Ok(Value::Base64Binary(octets)) = decoded
        && let Ok(decoded) = String::from_utf8(octets)
    {
        return decoded;
    }
    text
}

/// The category a name stands for, which may be the identifier itself.
fn category_of(name: &str) -> &str {
    SHORTHANDS.iter().find(|(known, _)| *known == name).map_or(name, |(_, id)| id)
}

fn references(multi: &Map<String, Json>) -> Result<Vec<Vec<String>>, RequestError> {
    let Some(references) = member(multi, "RequestReference") else { return Ok(Vec::new()) };
    one_or_many(references)
        .map(|reference| {
            let reference = object(reference, "RequestReference")?;
            let ids =
                member(reference, "ReferenceId").ok_or(RequestError::Missing("ReferenceId"))?;
            one_or_many(ids)
                .map(|id| id.as_str().map(str::to_owned).ok_or(RequestError::Form("ReferenceId")))
                .collect()
        })
        .collect()
}

/// A member by its exact name, or else by its name in another case; null is the same as absent.
fn member<'a>(object: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    object
        .get(name)
        .or_else(|| object.iter().find(|(key, _)| named(key, name)).map(|(_, value)| value))
        .filter(|value| !value.is_null())
}

fn named(key: &str, name: &str) -> bool {
    key.eq_ignore_ascii_case(name)
}

fn object<'a>(json: &'a Json, name: &'static str) -> Result<&'a Map<String, Json>, RequestError> {
    json.as_object().ok_or(RequestError::Form(name))
}

fn text_of(object: &Map<String, Json>, name: &'static str) -> Result<Option<String>, RequestError> {
    member(object, name)
        .map(|value| value.as_str().map(str::to_owned).ok_or(RequestError::Form(name)))
        .transpose()
}

fn flag(object: &Map<String, Json>, name: &'static str) -> Result<bool, RequestError> {
    member(object, name).map_or(Ok(false), |value| value.as_bool().ok_or(RequestError::Form(name)))
}

/// A single value is the same as a list of one.
fn one_or_many(json: &Json) -> impl Iterator<Item = &Json> {
    match json.as_array() {
        Some(many) => many.iter(),
        None => std::slice::from_ref(json).iter(),
    }
}
