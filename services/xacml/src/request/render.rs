//! Attributes in JSON (JSON profile 1.1), as requests and responses carry them.
//!
//! Members are written in the order of the alphabet, so that a text written at once and a
//! `serde_json::Value`, which sorts them, are the same.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value as Json, json};

use super::{Attribute, AttributeCategory, Request, RequestDocument};
use crate::value::{DataType, Value};
use crate::xpath::XPathExpression;

impl Request {
    /// The request as a JSON value; read again, it asks for the same decision.
    #[must_use]
    pub fn to_json(&self) -> Json {
        json!({ "Request": {
            "ReturnPolicyIdList": self.return_policies,
            "Category": Each(self.categories.iter()),
        } })
    }
}

impl RequestDocument {
    /// The document as a JSON value; read again, it asks for the same decisions.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let reference = |ids: &Vec<String>| json!({ "ReferenceId": ids });
        let references: Vec<_> = self.references.iter().map(reference).collect();
        let multiple = (!references.is_empty()).then(|| json!({ "RequestReference": references }));
        json!({ "Request": {
            "ReturnPolicyIdList": self.return_policies,
            "CombinedDecision": self.combined_decision,
            "Category": Each(self.categories.iter()),
            "MultiRequests": multiple,
        } })
    }
}

/// What is written as the profile has it.
pub(crate) struct Profile<T>(pub(crate) T);

/// A list of what is written as the profile has it.
pub(crate) struct Each<I>(pub(crate) I);

impl<I> Serialize for Each<I>
where
    I: Iterator + Clone,
    Profile<I::Item>: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone().map(Profile))
    }
}

/// Writes a member, if there is a text for it.
pub(crate) fn put<M: SerializeMap>(
    members: &mut M,
    name: &'static str,
    text: Option<&str>,
) -> Result<(), M::Error> {
    text.map_or(Ok(()), |text| members.serialize_entry(name, text))
}

/// Writes a member, if there is something to list in it.
pub(crate) fn put_list<M: SerializeMap, I>(
    members: &mut M,
    name: &'static str,
    list: I,
) -> Result<(), M::Error>
where
    I: Iterator + Clone,
    Profile<I::Item>: Serialize,
{
    if list.clone().next().is_some() { members.serialize_entry(name, &Each(list)) } else { Ok(()) }
}

impl Serialize for Profile<&AttributeCategory> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let category = self.0;
        let mut members = serializer.serialize_map(None)?;
        let attributes = category.attributes.iter().flat_map(OfType::all);
        members.serialize_entry("Attribute", &Each(attributes))?;
        members.serialize_entry("CategoryId", &category.category)?;
        put(&mut members, "Content", category.content.as_deref())?;
        put(&mut members, "Id", category.id.as_deref())?;
        members.end()
    }
}

/// The values of one data type. An attribute in JSON has one, so one with several becomes several.
#[derive(Clone)]
pub(crate) struct OfType<'a> {
    attribute: &'a Attribute,
    data_type: DataType,
}

impl<'a> OfType<'a> {
    fn all(attribute: &'a Attribute) -> impl Iterator<Item = Self> + Clone {
        let of = move |data_type| Self { attribute, data_type };
        DataType::ALL.into_iter().map(of).filter(|of_type| of_type.values().next().is_some())
    }

    fn values(&self) -> impl Iterator<Item = &'a Value> + Clone + use<'a> {
        let data_type = self.data_type;
        self.attribute.values.iter().filter(move |value| value.data_type() == data_type)
    }
}

impl Serialize for Profile<OfType<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let OfType { attribute, data_type } = self.0;
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("AttributeId", &attribute.id)?;
        members.serialize_entry("DataType", data_type.id())?;
        members.serialize_entry("IncludeInResult", &attribute.include_in_result)?;
        put(&mut members, "Issuer", attribute.issuer.as_deref())?;
        let mut values = self.0.values();
        match (values.next(), values.next()) {
            (Some(only), None) => members.serialize_entry("Value", &Profile(only))?,
            _ => members.serialize_entry("Value", &Each(self.0.values()))?,
        }
        members.end()
    }
}

/// A value in the JSON type it has in the profile; an integer beyond 64 bits, and a double that is no
/// number, as text.
impl Serialize for Profile<&Value> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::String(text) | Value::AnyUri(text) => serializer.serialize_str(text),
            Value::Boolean(truth) => serializer.serialize_bool(*truth),
            Value::Integer(number) => match i64::try_from(number) {
                Ok(number) => serializer.serialize_i64(number),
                Err(_) => serializer.collect_str(number),
            },
            Value::Double(number) if number.is_finite() => serializer.serialize_f64(*number),
            Value::XPathExpression(expression) => {
                Profile(expression.as_ref()).serialize(serializer)
            }
            Value::Double(_)
            | Value::Date(_)
            | Value::Time(_)
            | Value::DateTime(_)
            | Value::DayOfWeek(_)
            | Value::DayTimeDuration(_)
            | Value::YearMonthDuration(_)
            | Value::HexBinary(_)
            | Value::Base64Binary(_)
            | Value::X500Name(_)
            | Value::Rfc822Name(_)
            | Value::IpAddress(_)
            | Value::DnsName(_) => serializer.collect_str(self.0),
        }
    }
}

/// An XPath expression, which is more than a text.
impl Serialize for Profile<&XPathExpression> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let expression = self.0;
        let mut members = serializer.serialize_map(None)?;
        put_list(&mut members, "Namespaces", expression.path.namespaces().iter())?;
        members.serialize_entry("XPath", expression.path.text())?;
        members.serialize_entry("XPathCategory", &expression.category)?;
        members.end()
    }
}

/// A prefix and what it stands for.
impl Serialize for Profile<&(String, String)> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (prefix, uri) = self.0;
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("Namespace", uri)?;
        members.serialize_entry("Prefix", prefix)?;
        members.end()
    }
}
