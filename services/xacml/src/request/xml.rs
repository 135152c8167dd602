//! Requests in XML.

use super::{Attribute, AttributeCategory, RequestDocument, RequestError};
use crate::limits::Limits;
use crate::value::{DataType, Value};
use crate::xml::{self, Element, XmlError, XmlFlaw};

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
            "RequestDefaults" => {}
            "Attributes" => request.categories.push(category(child)?),
            "MultiRequests" => request.references = references(child)?,
            _ => return Err(child.unexpected().into()),
        }
    }
    Ok(request)
}

fn category(element: Element<'_, '_>) -> Result<AttributeCategory, RequestError> {
    let mut category = AttributeCategory {
        category: element.required("Category")?.to_owned(),
        id: element.xml_id().map(str::to_owned),
        ..AttributeCategory::default()
    };
    for child in element.children()? {
        match child.name() {
            "Content" => category.content = Some(child.inner_source()),
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
        let data_type = child.required("DataType")?;
        let data_type = DataType::from_id(data_type)
            .ok_or_else(|| RequestError::UnknownDataType(data_type.to_owned()))?;
        values.push(Value::parse(data_type, &child.text()?)?);
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
