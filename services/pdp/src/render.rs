//! The answer as Altinn's clients read it: the JSON profile in camel case, with nulls written.

use fullmakt_xacml::{Assignment, Attribute, AttributeCategory, DecisionResult, Notice};
use serde::Serialize;
use utoipa::ToSchema;

use crate::explain::DecisionExplanation;

/// The answer to a request for decisions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct XacmlJsonResponse {
    /// One result a decision, in the order of the request.
    pub(crate) response: Vec<XacmlJsonResult>,
}

/// One decision.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct XacmlJsonResult {
    /// `Permit`, `Deny`, `NotApplicable` or `Indeterminate`.
    decision: &'static str,
    status: XacmlJsonStatus,
    obligations: Option<Vec<XacmlJsonObligation>>,
    /// The wire contract's name; always null.
    #[schema(value_type = Option<Vec<Object>>)]
    associate_advice: Option<()>,
    category: Option<Vec<XacmlJsonCategory>>,
    /// Always null.
    #[schema(value_type = Option<Object>)]
    policy_identifier_list: Option<()>,
    /// Why, where the caller asked for it by `Fullmakt-Explain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<DecisionExplanation>,
}

/// How a decision came about.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names of the wire contract")]
#[serde(rename_all = "camelCase")]
struct XacmlJsonStatus {
    /// Always null.
    #[schema(value_type = Option<String>)]
    status_message: Option<()>,
    /// Always null.
    #[schema(value_type = Option<Vec<String>>)]
    status_details: Option<()>,
    status_code: XacmlJsonStatusCode,
}

/// The status code.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct XacmlJsonStatusCode {
    /// `urn:oasis:names:tc:xacml:1.0:status:` and the code.
    value: &'static str,
    /// Always null.
    #[schema(value_type = Option<Object>)]
    status_code: Option<()>,
}

/// What the enforcement point must do.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct XacmlJsonObligation {
    id: String,
    attribute_assignment: Vec<XacmlJsonAssignment>,
}

/// A value of an obligation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct XacmlJsonAssignment {
    attribute_id: String,
    value: String,
    category: Option<String>,
    data_type: &'static str,
    issuer: Option<String>,
}

/// The attributes of one category that the request wanted to have repeated.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct XacmlJsonCategory {
    category_id: String,
    id: Option<String>,
    content: Option<String>,
    attribute: Vec<XacmlJsonAttribute>,
}

/// An attribute.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct XacmlJsonAttribute {
    attribute_id: String,
    value: String,
    issuer: Option<String>,
    data_type: &'static str,
    include_in_result: bool,
}

impl XacmlJsonResult {
    /// The answer to one question.
    pub(crate) fn new(result: &DecisionResult, explanation: Option<DecisionExplanation>) -> Self {
        Self {
            decision: result.decision.name(),
            status: XacmlJsonStatus {
                status_message: None,
                status_details: None,
                status_code: XacmlJsonStatusCode {
                    value: result.status.code.id(),
                    status_code: None,
                },
            },
            obligations: some(result.obligations.iter().map(obligation).collect()),
            associate_advice: None,
            category: some(result.attributes.iter().map(category).collect()),
            policy_identifier_list: None,
            explanation,
        }
    }
}

fn some<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

fn obligation(notice: &Notice) -> XacmlJsonObligation {
    XacmlJsonObligation {
        id: notice.id.clone(),
        attribute_assignment: notice.assignments.iter().map(assignment).collect(),
    }
}

fn assignment(assignment: &Assignment) -> XacmlJsonAssignment {
    XacmlJsonAssignment {
        attribute_id: assignment.attribute_id.clone(),
        value: assignment.value.to_string(),
        category: assignment.category.clone(),
        data_type: assignment.value.data_type().id(),
        issuer: assignment.issuer.clone(),
    }
}

fn category(category: &AttributeCategory) -> XacmlJsonCategory {
    XacmlJsonCategory {
        category_id: category.category.clone(),
        id: category.id.clone(),
        content: None,
        attribute: category.attributes.iter().flat_map(attributes).collect(),
    }
}

fn attributes(attribute: &Attribute) -> impl Iterator<Item = XacmlJsonAttribute> {
    attribute.values.iter().map(|value| XacmlJsonAttribute {
        attribute_id: attribute.id.clone(),
        value: value.to_string(),
        issuer: attribute.issuer.clone(),
        data_type: value.data_type().id(),
        include_in_result: attribute.include_in_result,
    })
}

#[cfg(test)]
mod tests;
