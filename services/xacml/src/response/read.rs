//! Responses read from XML, and whether two say the same.

use super::{
    Assignment, Decision, DecisionResult, MissingAttribute, Notice, PolicyIdentifier, Response,
    Status, StatusCode,
};
use crate::limits::Limits;
use crate::model::ReferenceKind;
use crate::request::{RequestError, category_from_xml, data_type_from_xml, value_from_xml};
use crate::xml::{self, Element, XmlFlaw};

impl Response {
    /// Reads a response in XML.
    ///
    /// # Errors
    ///
    /// [`RequestError`] with what is wrong and where.
    pub fn from_xml(text: &str, limits: &Limits) -> Result<Self, RequestError> {
        let document = xml::parse(text, limits)?;
        let root = Element::root(&document);
        root.expect("Response")?;
        let results = root.children()?.into_iter().map(result).collect::<Result<_, _>>()?;
        Ok(Self { results })
    }

    /// Whether two responses say the same: results in their order, with decisions, status codes,
    /// obligations, advice and attributes, and the policies in any order. Messages, the attributes
    /// that are missing and the ids of categories may differ.
    #[must_use]
    pub fn agrees_with(&self, other: &Self) -> bool {
        let essence = |response: &Self| response.results.iter().map(essence).collect::<Vec<_>>();
        essence(self) == essence(other)
    }
}

/// A result without what may differ.
fn essence(result: &DecisionResult) -> DecisionResult {
    let mut essence = result.clone();
    essence.status = Status { code: result.status.code, message: None, missing: Vec::new() };
    for category in &mut essence.attributes {
        category.id = None;
        category.content = None;
    }
    essence
        .policies
        .sort_by(|left, right| (&left.id, &left.version).cmp(&(&right.id, &right.version)));
    essence
}

fn result(element: Element<'_, '_>) -> Result<DecisionResult, RequestError> {
    element.expect("Result")?;
    let mut result = DecisionResult::indeterminate(Status::ok());
    let mut decision = None;
    for child in element.children()? {
        match child.name() {
            "Decision" => decision = Some(read_decision(child)?),
            "Status" => result.status = status(child)?,
            "Obligations" => result.obligations = notices(child, "Obligation", "ObligationId")?,
            "AssociatedAdvice" => result.advice = notices(child, "Advice", "AdviceId")?,
            "Attributes" => result.attributes.push(category_from_xml(child)?),
            "PolicyIdentifierList" => {
                result.policies =
                    child.children()?.into_iter().map(identifier).collect::<Result<_, _>>()?;
            }
            _ => return Err(child.unexpected().into()),
        }
    }
    result.decision = decision.ok_or_else(|| element.at(XmlFlaw::MissingElement("Decision")))?;
    Ok(result)
}

fn read_decision(element: Element<'_, '_>) -> Result<Decision, RequestError> {
    let text = element.text()?;
    let decisions =
        [Decision::Permit, Decision::Deny, Decision::Indeterminate, Decision::NotApplicable];
    let found = decisions.into_iter().find(|decision| decision.name() == text.trim());
    found.ok_or(RequestError::Form("Decision"))
}

fn status(element: Element<'_, '_>) -> Result<Status, RequestError> {
    let mut status = Status::ok();
    for child in element.children()? {
        match child.name() {
            // What a code may have within it makes it more precise.
            "StatusCode" => status.code = status_code(child)?,
            "StatusMessage" => status.message = Some(child.text()?),
            "StatusDetail" => {
                for detail in child.children()? {
                    detail.expect("MissingAttributeDetail")?;
                    status.missing.push(missing(detail)?);
                }
            }
            _ => return Err(child.unexpected().into()),
        }
    }
    Ok(status)
}

fn status_code(element: Element<'_, '_>) -> Result<StatusCode, RequestError> {
    let codes = [
        StatusCode::Ok,
        StatusCode::MissingAttribute,
        StatusCode::SyntaxError,
        StatusCode::ProcessingError,
    ];
    let id = element.required("Value")?;
    let found = codes.into_iter().find(|code| code.id() == id);
    found.ok_or_else(|| element.bad_attribute("Value").into())
}

fn missing(element: Element<'_, '_>) -> Result<MissingAttribute, RequestError> {
    Ok(MissingAttribute {
        category: element.required("Category")?.to_owned(),
        id: element.required("AttributeId")?.to_owned(),
        data_type: data_type_from_xml(element)?,
        issuer: element.attribute("Issuer").map(str::to_owned),
    })
}

fn notices(
    element: Element<'_, '_>,
    name: &str,
    id: &'static str,
) -> Result<Vec<Notice>, RequestError> {
    let notice = |element: Element<'_, '_>| {
        element.expect(name)?;
        let assignments = element.children()?.into_iter().map(assignment);
        Ok(Notice {
            id: element.required(id)?.to_owned(),
            assignments: assignments.collect::<Result<_, RequestError>>()?,
        })
    };
    element.children()?.into_iter().map(notice).collect()
}

fn assignment(element: Element<'_, '_>) -> Result<Assignment, RequestError> {
    element.expect("AttributeAssignment")?;
    Ok(Assignment {
        attribute_id: element.required("AttributeId")?.to_owned(),
        category: element.attribute("Category").map(str::to_owned),
        issuer: element.attribute("Issuer").map(str::to_owned),
        value: value_from_xml(element)?,
    })
}

fn identifier(element: Element<'_, '_>) -> Result<PolicyIdentifier, RequestError> {
    let kind = match element.name() {
        "PolicyIdReference" => ReferenceKind::Policy,
        "PolicySetIdReference" => ReferenceKind::PolicySet,
        _ => return Err(element.unexpected().into()),
    };
    Ok(PolicyIdentifier {
        kind,
        id: element.text()?.trim().to_owned(),
        version: element.attribute("Version").unwrap_or_default().to_owned(),
    })
}
