//! Problems: how our own routes say no (RFC 9457).

mod catalogue;
mod pages;

use std::error::Error;

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

pub use catalogue::ProblemType;
pub use pages::{CodePage, code_page, problem_pages};

use crate::{InputError, RequestContext};

/// An answer that says what went wrong, as `application/problem+json`.
///
/// Server errors say no more than their type and the request's id: the cause is logged, once, when
/// the problem becomes an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    kind: ProblemType,
    detail: Option<String>,
    errors: Vec<InputError>,
    retry_after_seconds: Option<u32>,
    challenge: Option<String>,
    cause: Option<String>,
}

impl Problem {
    /// After how many seconds a caller may try again, where nothing better is known.
    pub const RETRY_AFTER_SECONDS: u32 = 1;

    /// The problem with nothing to add to its title.
    #[must_use]
    pub const fn bare(kind: ProblemType) -> Self {
        let retry_after_seconds =
            if kind.is_temporary() { Some(Self::RETRY_AFTER_SECONDS) } else { None };
        Self {
            kind,
            detail: None,
            errors: Vec::new(),
            retry_after_seconds,
            challenge: None,
            cause: None,
        }
    }

    /// The problem with what the caller should know of this case. Server errors leave it out.
    #[must_use]
    pub fn of(kind: ProblemType, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..Self::bare(kind) }
    }

    /// Input that was read but cannot be taken, place by place.
    #[must_use]
    pub fn invalid(errors: Vec<InputError>) -> Self {
        Self { errors, ..Self::bare(ProblemType::InvalidInput) }
    }

    /// A problem whose cause is for the log only.
    #[must_use]
    pub fn opaque(kind: ProblemType, cause: &(dyn Error + 'static)) -> Self {
        let mut chain = cause.to_string();
        let mut source = cause.source();
        while let Some(error) = source {
            chain.push_str(": ");
            chain.push_str(&error.to_string());
            source = error.source();
        }
        Self { cause: Some(chain), ..Self::bare(kind) }
    }

    /// The same, telling the caller to wait this long before another try.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// The same with a `WWW-Authenticate` challenge (RFC 9110 §11.6.1).
    #[must_use]
    pub fn challenge(mut self, challenge: impl Into<String>) -> Self {
        self.challenge = Some(challenge.into());
        self
    }

    /// Which problem it is.
    #[must_use]
    pub const fn kind(&self) -> ProblemType {
        self.kind
    }

    /// What the caller should know of this case.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// What is wrong with the input, place by place.
    #[must_use]
    pub fn errors(&self) -> &[InputError] {
        &self.errors
    }

    /// The causes, outermost first, for the log.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    fn log(&self, request_id: &str) {
        let cause = self.cause.as_deref().unwrap_or("none given");
        let problem = self.kind.slug();
        if self.kind.is_temporary() {
            tracing::warn!(problem, request.id = request_id, cause, "cannot answer now");
        } else if self.kind.status().is_server_error() {
            tracing::error!(problem, request.id = request_id, cause, "a request failed");
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [InputError],
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let context = RequestContext::current();
        let id = context.as_ref().map(|context| context.id.as_str());
        self.log(id.unwrap_or_default());
        let status = self.kind.status();
        let is_ours = status.is_server_error();
        let document = Document {
            kind: format!("/problems/{}", self.kind.slug()),
            title: self.kind.title(),
            status: status.as_u16(),
            detail: self.detail.as_deref().filter(|_| !is_ours),
            instance: id,
            errors: if is_ours { &[] } else { &self.errors },
        };
        let mut response = problem_json(status, &document);
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after_seconds {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if let Some(challenge) = self.challenge.and_then(|text| HeaderValue::try_from(text).ok()) {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// An answer with this status and a problem document as its body.
pub(crate) fn problem_json(status: axum::http::StatusCode, document: &impl Serialize) -> Response {
    // Documents have texts and numbers only, which always become JSON.
    let body = serde_json::to_vec(document).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    let json = HeaderValue::from_static("application/problem+json");
    headers.insert(header::CONTENT_TYPE, json);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests;
