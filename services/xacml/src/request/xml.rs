//! Requests in XML.

use super::{Attribute, AttributeCategory, RequestDocument, RequestError};
use crate::limits::Limits;
use crate::value::{DataType, Value};
use crate::xml::{self, Element, XmlError, XmlFlaw};
use crate::xpath::{XPath, XPathExpression, other_version};

pub(super) fn read(text: &str, limits: &Limits) -> Result<RequestDocument, RequestError> {
    let document = xml::parse(text, limits)?;
    let root = Element::root(&document);
    root.expect("Request")?;
    let mut request = RequestDocument {
        return_policies: root.boolean("ReturnPolicyIdList")?.unwrap_or(false),
        combined_decision: root.boolean("CombinedDecision")?.unwrap_or(false),
        ..RequestDocument::default()
    };
    for child in root.children()? {
        match child.name() {
            "RequestDefaults" => defaults(child)?,
            "Attributes" => request.categories.push(category(child)?),
            "MultiRequests" => request.references = references(child)?,
            _ => return Err(child.unexpected().into()),
        }
    }
    Ok(request)
}

/// The attributes and the content of a category.
pub(crate) fn category(element: Element<'_, '_>) -> Result<AttributeCategory, RequestError> {
    let mut category = AttributeCategory {
        category: element.required("Category")?.to_owned(),
        id: element.xml_id().map(str::to_owned),
        ..AttributeCategory::default()
    };
    for child in element.children()? {
        match child.name() {
            "Content" => category.content = child.document()?.map(Into::into),
            "Attribute" => category.attributes.push(attribute(child)?),
            _ => return Err(child.unexpected().into()),
        }
    }
    Ok(category)
}

fn attribute(element: Element<'_, '_>) -> Result<Attribute, RequestError> {
    let mut values = Vec::new();
    for child in element.children()? {
        child.expect("AttributeValue")?;
        values.push(value(child)?);
    }
    if values.is_empty() {
        return Err(element.at(XmlFlaw::MissingElement("AttributeValue")).into());
    }
    Ok(Attribute {
        id: element.required("AttributeId")?.to_owned(),
        issuer: element.attribute("Issuer").map(str::to_owned),
        include_in_result: element.boolean("IncludeInResult")?.unwrap_or(false),
        values,
    })
}

/// The data type an element names.
pub(crate) fn data_type(element: Element<'_, '_>) -> Result<DataType, RequestError> {
    let id = element.required("DataType")?;
    DataType::from_id(id).ok_or_else(|| RequestError::UnknownDataType(id.to_owned()))
}

/// A value; that of an XPath expression is in the namespaces in scope.
pub(crate) fn value(element: Element<'_, '_>) -> Result<Value, RequestError> {
    let data_type = data_type(element)?;
    let text = element.text()?;
    if data_type != DataType::XPathExpression {
        return Ok(Value::parse(data_type, &text)?);
    }
    Ok(Value::from(XPathExpression {
        category: element.required("XPathCategory")?.to_owned(),
        path: XPath::new(&text, element.prefixes())?,
    }))
}

/// The version of XPath is the only default there is.
fn defaults(element: Element<'_, '_>) -> Result<(), RequestError> {
    for version in element.children()? {
        version.expect("XPathVersion")?;
        if let Some(other) = other_version(&version.text()?) {
            return Err(RequestError::XPathVersion(other));
        }
    }
    Ok(())
}

fn references(element: Element<'_, '_>) -> Result<Vec<Vec<String>>, XmlError> {
    element
        .children()?
        .into_iter()
        .map(|reference| {
            reference.expect("RequestReference")?;
            reference
                .children()?
                .into_iter()
                .map(|attributes| {
                    attributes.expect("AttributesReference")?;
                    attributes.required("ReferenceId").map(str::to_owned)
                })
                .collect()
        })
        .collect()
}
