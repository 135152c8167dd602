//! What is known of the request under way: its id, and who turned out to be calling.

use std::{
    convert::Infallible,
    fmt,
    sync::{Arc, OnceLock},
};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderName, HeaderValue, request::Parts},
    middleware::Next,
    response::Response,
};
use fullmakt_events::OrgNumber;
use uuid::Uuid;

/// The most bytes that a caller's own request id may have; a longer one is replaced by ours.
pub const REQUEST_ID_BYTES_MAX: usize = 128;

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: RequestContext;
}

/// The id of a request: the caller's `X-Request-ID`, or one made here. Echoed in the answer, named
/// in problems as `instance` or `traceId`, in logs, and in commits as the correlation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A new id.
    #[must_use]
    pub fn make() -> Self {
        Self(Uuid::now_v7().to_string().into())
    }

    /// The caller's id, if it is short and of harmless characters, so that it can stand in logs
    /// and headers.
    fn from_caller(value: &HeaderValue) -> Option<Self> {
        let text = value.to_str().ok()?;
        let is_harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(&byte);
        (!text.is_empty() && text.len() <= REQUEST_ID_BYTES_MAX && text.bytes().all(is_harmless))
            .then(|| Self(text.into()))
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(RequestContext::current().map_or_else(Self::make, |context| context.id))
    }
}

/// What is known of the request under way. Set around a request by [`crate::identify`].
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// The request's id.
    pub id: RequestId,
    caller_org: Arc<OnceLock<OrgNumber>>,
}

impl RequestContext {
    /// The context of the request that this task serves; nothing outside of one.
    #[must_use]
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// Notes which organisation's token came with the request, for the canonical line.
    pub fn note_caller(&self, org: OrgNumber) {
        // A second note of the same request says the same.
        let _ = self.caller_org.set(org);
    }

    /// The organisation whose token came with the request, once it is verified.
    #[must_use]
    pub fn caller_org(&self) -> Option<OrgNumber> {
        self.caller_org.get().copied()
    }
}

/// Gives the request its id, and the answer too.
pub(crate) async fn identify_request(
    State(is_refused): State<fn(&str) -> bool>,
    request: Request,
    next: Next,
) -> Response {
    let id = request
        .headers()
        .get(X_REQUEST_ID)
        .and_then(RequestId::from_caller)
        .filter(|id| !is_refused(id.as_str()))
        .unwrap_or_else(RequestId::make);
    let header = HeaderValue::from_str(id.as_str());
    let context = RequestContext { id, caller_org: Arc::default() };
    let mut response = CURRENT.scope(context, next.run(request)).await;
    if let Ok(header) = header {
        response.headers_mut().insert(X_REQUEST_ID, header);
    }
    response
}
