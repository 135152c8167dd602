//! The error shapes of the Altinn contract. The routes give code, title and status; the tables of
//! codes live with the domain.

use std::{borrow::Cow, collections::BTreeMap};

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{InputError, Problem, RequestContext, problem::problem_json};

/// An error on a route of the Altinn contract, in the shape that its clients expect there.
#[derive(Debug, Clone, PartialEq)]
pub enum AltinnError {
    /// A problem with a code, such as `AUTH-00011`.
    Problem(AltinnProblem),
    /// Validation errors, each with a code, such as `AUTH.VLD-00003`.
    Validation(AltinnValidation),
    /// Fields that are missing or malformed, as ASP.NET reports them.
    ModelState(ModelState),
    /// A problem without a code.
    PlainProblem(PlainProblem),
    /// Plain text; an empty one is an empty body.
    PlainText(StatusCode, Cow<'static, str>),
    /// A problem of our own, for what the contract has no shape for.
    Ours(Problem),
}

/// A problem with a code of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct AltinnProblem {
    code: Cow<'static, str>,
    title: Cow<'static, str>,
    status: StatusCode,
    detail: Option<String>,
    extensions: Map<String, Value>,
}

impl AltinnProblem {
    /// The problem with this code, title and status.
    #[must_use]
    pub fn new(
        code: impl Into<Cow<'static, str>>,
        title: impl Into<Cow<'static, str>>,
        status: StatusCode,
    ) -> Self {
        Self {
            code: code.into(),
            title: title.into(),
            status,
            detail: None,
            extensions: Map::new(),
        }
    }

    /// The same with what the caller should know of this case. Server errors leave it out.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The same with one more member, which cannot replace one that every problem has.
    #[must_use]
    pub fn with(mut self, member: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extensions.insert(member.into(), value.into());
        self
    }

    /// The code, such as `AUTH-00011`.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }
}

/// Validation errors: always 400 and `STD-00000`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AltinnValidation {
    /// The errors.
    pub errors: Vec<AltinnValidationError>,
}

/// One validation error.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AltinnValidationError {
    /// The code, such as `AUTH.VLD-00003`.
    pub code: Cow<'static, str>,
    /// What is wrong, in general.
    pub title: Cow<'static, str>,
    /// The places, such as `/registersystemrequest/systemid` or `?agent`.
    pub paths: Vec<Cow<'static, str>>,
    /// What the caller should know of this case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Further members.
    #[serde(flatten)]
    pub extensions: Map<String, Value>,
}

impl AltinnValidationError {
    /// The error with this code and title at these places.
    #[must_use]
    pub fn new(
        code: impl Into<Cow<'static, str>>,
        title: impl Into<Cow<'static, str>>,
        paths: &[&'static str],
    ) -> Self {
        Self {
            code: code.into(),
            title: title.into(),
            paths: paths.iter().copied().map(Cow::Borrowed).collect(),
            detail: None,
            extensions: Map::new(),
        }
    }
}

/// Fields that are missing or malformed: always 400.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ModelState {
    /// What is wrong, by field.
    pub errors: BTreeMap<String, Vec<String>>,
}

impl ModelState {
    /// One field with one text.
    #[must_use]
    pub fn field(field: impl Into<String>, text: impl Into<String>) -> Self {
        Self { errors: BTreeMap::from([(field.into(), vec![text.into()])]) }
    }
}

impl From<InputError> for ModelState {
    /// The field as the contract writes it: `rights[0].resource`, and `$` for the whole body.
    fn from(error: InputError) -> Self {
        let mut field = String::new();
        for part in error.pointer.split('/').filter(|part| !part.is_empty()) {
            let part = part.replace("~1", "/").replace("~0", "~");
            if part.bytes().all(|byte| byte.is_ascii_digit()) {
                field.push('[');
                field.push_str(&part);
                field.push(']');
            } else {
                if !field.is_empty() {
                    field.push('.');
                }
                field.push_str(part.trim_matches(['?', '{', '}']));
            }
        }
        if field.is_empty() {
            field.push('$');
        }
        Self::field(field, error.detail)
    }
}

/// A problem without a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainProblem {
    /// The status of the answer.
    pub status: StatusCode,
    /// What happened.
    pub title: Cow<'static, str>,
    /// What the caller should know of this case. Server errors leave it out.
    pub detail: Option<String>,
}

impl From<AltinnProblem> for AltinnError {
    fn from(problem: AltinnProblem) -> Self {
        Self::Problem(problem)
    }
}

impl From<AltinnValidation> for AltinnError {
    fn from(validation: AltinnValidation) -> Self {
        Self::Validation(validation)
    }
}

impl From<ModelState> for AltinnError {
    fn from(state: ModelState) -> Self {
        Self::ModelState(state)
    }
}

impl From<PlainProblem> for AltinnError {
    fn from(problem: PlainProblem) -> Self {
        Self::PlainProblem(problem)
    }
}

impl From<Problem> for AltinnError {
    fn from(problem: Problem) -> Self {
        Self::Ours(problem)
    }
}

impl IntoResponse for AltinnError {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Validation(validation) => validation.into_response(),
            Self::ModelState(state) => state.into_response(),
            Self::PlainProblem(problem) => problem.into_response(),
            Self::PlainText(status, text) if text.is_empty() => status.into_response(),
            Self::PlainText(status, text) => {
                (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
                    .into_response()
            }
            Self::Ours(problem) => problem.into_response(),
        }
    }
}

/// The members that every problem has, laid over what the route adds.
fn document(
    kind: &str,
    title: &str,
    status: StatusCode,
    detail: Option<String>,
    mut members: Map<String, Value>,
) -> Response {
    members.insert("type".to_owned(), kind.into());
    members.insert("title".to_owned(), title.into());
    members.insert("status".to_owned(), status.as_u16().into());
    if let Some(detail) = detail.filter(|_| !status.is_server_error()) {
        members.insert("detail".to_owned(), detail.into());
    }
    if let Some(context) = RequestContext::current() {
        members.insert("traceId".to_owned(), context.id.as_str().into());
    }
    problem_json(status, &members)
}

fn coded(
    code: &str,
    title: &str,
    status: StatusCode,
    detail: Option<String>,
    mut members: Map<String, Value>,
) -> Response {
    members.insert("code".to_owned(), code.into());
    let description = status.canonical_reason().unwrap_or_default();
    members.insert("statusDescription".to_owned(), description.into());
    let mut response =
        document(&format!("urn:altinn:error:{code}"), title, status, detail, members);
    // The contract's `type` is a name and no address; the page that explains it is beside it.
    let page = HeaderValue::try_from(format!("</problems/{code}>; rel=\"help\""));
    if let Ok(page) = page {
        response.headers_mut().insert(header::LINK, page);
    }
    response
}

impl IntoResponse for AltinnProblem {
    fn into_response(self) -> Response {
        coded(&self.code, &self.title, self.status, self.detail, self.extensions)
    }
}

/// The code of all answers with validation errors.
const VALIDATION_CODE: &str = "STD-00000";
/// Their title, and that of answers about single fields.
const VALIDATION_TITLE: &str = "One or more validation errors occurred.";

impl IntoResponse for AltinnValidation {
    fn into_response(self) -> Response {
        // Codes, titles and paths are texts, which always become JSON.
        let errors = serde_json::to_value(&self.errors).unwrap_or_default();
        let members = Map::from_iter([("validationErrors".to_owned(), errors)]);
        coded(VALIDATION_CODE, VALIDATION_TITLE, StatusCode::BAD_REQUEST, None, members)
    }
}

impl IntoResponse for ModelState {
    fn into_response(self) -> Response {
        let errors = self.errors.into_iter().map(|(field, texts)| (field, texts.into())).collect();
        let members = Map::from_iter([("errors".to_owned(), Value::Object(errors))]);
        let kind = "https://tools.ietf.org/html/rfc9110#section-15.5.1";
        document(kind, VALIDATION_TITLE, StatusCode::BAD_REQUEST, None, members)
    }
}

impl IntoResponse for PlainProblem {
    fn into_response(self) -> Response {
        document("about:blank", &self.title, self.status, self.detail, Map::new())
    }
}

#[cfg(test)]
mod tests;
