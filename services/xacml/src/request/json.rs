//! Requests in JSON (JSON profile 1.1).

mod tape;

use std::borrow::Cow;
use std::sync::Arc;

use self::tape::{Json, Members, Part, Tape, Values};
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
    let tape = tape(text, limits)?;
    let root = object(tape.json(), "Request")?;
    let request = object(root.get("Request").ok_or(RequestError::Missing("Request"))?, "Request")?;
    let mut document = RequestDocument {
        return_policies: flag(request, "ReturnPolicyIdList")?,
        combined_decision: flag(request, "CombinedDecision")?,
        ..RequestDocument::default()
    };
    // In the order of the document, which decides the order of the answers.
    for (name, value) in request.iter() {
        if let Some((name, category)) = SHORTHANDS.iter().find(|(known, _)| named(name, known)) {
            for entity in value.one_or_many() {
                let entity = object(entity, name)?;
                document.categories.push(attributes_of(entity, category)?);
            }
        } else if named(name, "Category") {
            for entity in value.one_or_many() {
                let entity = object(entity, "Category")?;
                let category =
                    text_of(entity, "CategoryId")?.ok_or(RequestError::Missing("CategoryId"))?;
                document.categories.push(attributes_of(entity, category_of(category))?);
            }
        } else if named(name, "XPathVersion")
            && let Some(other) = other_version(value.as_text().unwrap_or_default())
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
    let tape = tape(text, limits)?;
    let mut attributes = Request::new();
    let mut values = 0_usize;
    for attribute in tape.json().as_list().ok_or(RequestError::Form("attributes"))? {
        let attribute = object(attribute, "attributes")?;
        let category = text_of(attribute, "Category")?.ok_or(RequestError::Missing("Category"))?;
        let attribute = read_attribute(attribute)?;
        values = values.saturating_add(attribute.values.len());
        if values > limits.values {
            return Err(RequestError::TooManyValues { limit: limits.values });
        }
        attributes.add_attribute(category_of(category), attribute);
    }
    Ok(attributes)
}

fn tape<'a>(text: &'a str, limits: &Limits) -> Result<Tape<'a>, RequestError> {
    if text.len() > limits.bytes {
        return Err(RequestError::TooLarge { limit: limits.bytes });
    }
    Tape::read(text)
        .map_err(|error| RequestError::Json { line: error.line(), column: error.column() })
}

fn attributes_of(entity: Members<'_>, category: &str) -> Result<AttributeCategory, RequestError> {
    let attributes = match entity.get("Attribute") {
        Some(attributes) => attributes
            .one_or_many()
            .map(|attribute| read_attribute(object(attribute, "Attribute")?))
            .collect::<Result<Vec<_>, _>>()?,
        None => Vec::new(),
    };
    Ok(AttributeCategory {
        category: category.to_owned(),
        id: text_of(entity, "Id")?.map(str::to_owned),
        content: text_of(entity, "Content")?.map(content),
        attributes,
    })
}

fn read_attribute(attribute: Members<'_>) -> Result<Attribute, RequestError> {
    let data_type = text_of(attribute, "DataType")?
        .filter(|name| !name.is_empty())
        .map(|name| {
            DataType::from_id(name)
                .or_else(|| DataType::from_name(name))
                .ok_or_else(|| RequestError::UnknownDataType(name.to_owned()))
        })
        .transpose()?;
    let values = attribute.get("Value").ok_or(RequestError::Missing("Value"))?.one_or_many();
    let data_type = data_type.or_else(|| inferred(values.clone()));
    let mut read = Vec::with_capacity(values.clone().count());
    for value in values {
        read.push(read_value(value, data_type)?);
    }
    Ok(Attribute {
        id: text_of(attribute, "AttributeId")?
            .ok_or(RequestError::Missing("AttributeId"))?
            .to_owned(),
        issuer: text_of(attribute, "Issuer")?
            .filter(|issuer| !issuer.is_empty())
            .map(str::to_owned),
        include_in_result: flag(attribute, "IncludeInResult")?,
        values: read,
    })
}

/// The data type of values that come without one; none when they have no common one.
fn inferred(values: Values<'_>) -> Option<DataType> {
    let of = |value: Json<'_>| match value.part() {
        Part::Text(_) => Some(DataType::String),
        Part::Boolean(_) => Some(DataType::Boolean),
        Part::Number(number) if number.is_f64() => Some(DataType::Double),
        Part::Number(_) => Some(DataType::Integer),
        Part::Null | Part::List(_) | Part::Object(_) => None,
    };
    let mut types = values.map(of);
    let first = types.next().flatten()?;
    types.try_fold(first, |common, next| match (common, next?) {
        (common, next) if common == next => Some(common),
        (DataType::Integer, DataType::Double) | (DataType::Double, DataType::Integer) => {
            Some(DataType::Double)
        }
        _ => None,
    })
}

fn read_value(value: Json<'_>, data_type: Option<DataType>) -> Result<Value, RequestError> {
    let wrong = RequestError::Form("Value");
    let Some(data_type) = data_type else { return Err(wrong) };
    if data_type == DataType::XPathExpression {
        return path(object(value, "Value")?).map(Value::from);
    }
    let text = match (value.part(), data_type) {
        (Part::Text(text), _) => Cow::Borrowed(text.as_ref()),
        (Part::Boolean(truth), DataType::Boolean) => Cow::Owned(truth.to_string()),
        (Part::Number(number), DataType::Integer) if !number.is_f64() => {
            Cow::Owned(number.to_string())
        }
        (Part::Number(number), DataType::Double) => Cow::Owned(number.to_string()),
        _ => return Err(wrong),
    };
    Ok(Value::parse(data_type, &text)?)
}

/// An XPath expression, which JSON writes as an object (JSON profile, section 3.3.3).
fn path(json: Members<'_>) -> Result<XPathExpression, RequestError> {
    let required = |name| text_of(json, name)?.ok_or(RequestError::Missing(name));
    let namespaces = match json.get("Namespaces") {
        Some(namespaces) => namespaces
            .one_or_many()
            .filter_map(|namespace| namespace_of(namespace).transpose())
            .collect::<Result<Vec<_>, _>>()?,
        None => Vec::new(),
    };
    let path = XPath::new(required("XPath")?, namespaces)?;
    Ok(XPathExpression { category: category_of(required("XPathCategory")?).to_owned(), path })
}

/// A prefix and what it stands for; the default namespace does not concern expressions.
fn namespace_of(json: Json<'_>) -> Result<Option<(String, String)>, RequestError> {
    let json = object(json, "Namespaces")?;
    let uri = text_of(json, "Namespace")?.ok_or(RequestError::Missing("Namespace"))?;
    let prefix = text_of(json, "Prefix")?.filter(|prefix| !prefix.is_empty());
    Ok(prefix.map(|prefix| (prefix.to_owned(), uri.to_owned())))
}

/// Content is XML, as it is or in base 64. What is neither is told when it is needed.
fn content(text: &str) -> Arc<str> {
    if text.trim_start().starts_with('<') {
        return text.into();
    }
    let decoded = Value::parse(DataType::Base64Binary, text);
    if let Ok(Value::Base64Binary(octets)) = decoded
        && let Ok(decoded) = String::from_utf8(octets)
    {
        return decoded.into();
    }
    text.into()
}

/// The category a name stands for, which may be the identifier itself.
fn category_of(name: &str) -> &str {
    SHORTHANDS.iter().find(|(known, _)| *known == name).map_or(name, |(_, id)| id)
}

fn references(multi: Members<'_>) -> Result<Vec<Vec<String>>, RequestError> {
    let Some(references) = multi.get("RequestReference") else { return Ok(Vec::new()) };
    references
        .one_or_many()
        .map(|reference| {
            let reference = object(reference, "RequestReference")?;
            let ids = reference.get("ReferenceId").ok_or(RequestError::Missing("ReferenceId"))?;
            ids.one_or_many()
                .map(|id| id.as_text().map(str::to_owned).ok_or(RequestError::Form("ReferenceId")))
                .collect()
        })
        .collect()
}

fn named(key: &str, name: &str) -> bool {
    key.eq_ignore_ascii_case(name)
}

fn object<'t>(json: Json<'t>, name: &'static str) -> Result<Members<'t>, RequestError> {
    json.as_object().ok_or(RequestError::Form(name))
}

fn text_of<'t>(object: Members<'t>, name: &'static str) -> Result<Option<&'t str>, RequestError> {
    let text = |value: Json<'t>| value.as_text().ok_or(RequestError::Form(name));
    object.get(name).map(text).transpose()
}

fn flag(object: Members<'_>, name: &'static str) -> Result<bool, RequestError> {
    let truth = |value: Json<'_>| value.as_boolean().ok_or(RequestError::Form(name));
    object.get(name).map_or(Ok(false), truth)
}
