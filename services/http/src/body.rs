//! Extractors for bodies.

use axum::{
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::{
    AltinnError, ModelState, Problem, ProblemType,
    input::{BodyError, Rules, from_json, utf8},
};

/// The most bytes of a body, unless a route sets another limit (axum's `DefaultBodyLimit`). The
/// largest commit is 900 KiB, so a larger body could hardly become one.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// A JSON body of one of our own routes: unknown members and members given twice are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StrictJson<T>(pub T);

/// A JSON body of a route of the AuthZEN contract: unknown members are ignored, and all that cannot be
/// read is 400, a body of another media type too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenJson<T>(pub T);

/// A JSON body of a route of the Altinn contract: names of members in any case, unknown ones
/// ignored, numbers also as texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompatJson<T>(pub T);

/// The same for the routes that trim texts: of systems, requests and change requests of vendors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrimmedJson<T>(pub T);

/// A body within the limit, with its media type, for the routes that read it themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawBody {
    /// The body.
    pub bytes: Bytes,
    /// The media type without parameters, in lower case; empty if the caller gave none.
    pub media_type: String,
}

impl RawBody {
    /// The body as text.
    ///
    /// # Errors
    /// When it is not UTF-8, with the place.
    pub fn text(&self) -> Result<&str, Problem> {
        utf8(&self.bytes).map_err(|detail| Problem::of(ProblemType::MalformedRequest, detail))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for StrictJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = json_bytes(request, state).await?;
        from_json(&bytes, Rules::STRICT).map(Self).map_err(BodyError::into)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for OpenJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        check_json(request.headers())
            .map_err(|detail| Problem::of(ProblemType::MalformedRequest, detail))?;
        let bytes = read(request, state).await?;
        from_json(&bytes, Rules::OPEN).map(Self).map_err(BodyError::into)
    }
}

impl From<BodyError> for Problem {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::Malformed(detail) => Self::of(ProblemType::MalformedRequest, detail),
            BodyError::Invalid(error) => Self::invalid(vec![error]),
        }
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for CompatJson<T> {
    type Rejection = AltinnError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AltinnError> {
        compat(request, state, Rules::COMPAT).await.map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for TrimmedJson<T> {
    type Rejection = AltinnError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AltinnError> {
        compat(request, state, Rules::TRIMMED).await.map(Self)
    }
}

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let media_type = media_type(request.headers());
        Ok(Self { media_type, bytes: read(request, state).await? })
    }
}

async fn compat<S: Send + Sync, T: DeserializeOwned>(
    request: Request,
    state: &S,
    rules: Rules,
) -> Result<T, AltinnError> {
    let bytes = json_bytes(request, state).await?;
    from_json(&bytes, rules).map_err(|error| match error {
        BodyError::Malformed(detail) => ModelState::field("$", detail).into(),
        BodyError::Invalid(error) => ModelState::from(error).into(),
    })
}

/// The media type without parameters, in lower case.
fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let bare = value.unwrap_or_default().split(';').next().unwrap_or_default();
    bare.trim().to_ascii_lowercase()
}

async fn json_bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    check_json(request.headers())
        .map_err(|detail| Problem::of(ProblemType::UnsupportedMediaType, detail))?;
    read(request, state).await
}

/// Whether the body says that it is JSON; if not, what it says and should.
fn check_json(headers: &HeaderMap) -> Result<(), String> {
    let media_type = media_type(headers);
    let is_json = media_type == "application/json"
        || (media_type.starts_with("application/") && media_type.ends_with("+json"));
    if is_json {
        return Ok(());
    }
    let seen = crate::InputError::seen(&media_type);
    Err(format!("`{seen}` is not taken; send `Content-Type: application/json`"))
}

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection: BytesRejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::bare(ProblemType::TooLarge)
        } else {
            Problem::of(ProblemType::MalformedRequest, "the body ended before it was complete")
        }
    })
}

#[cfg(test)]
mod tests;
