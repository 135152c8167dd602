//! Entity tags: the version of what was read, and the condition that it has not changed since.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderValue, header, request::Parts},
    response::{IntoResponseParts, ResponseParts},
};

use crate::{InputError, Problem, ProblemType};

/// The version of a thing: a number that grows whenever the thing changes, as how many admitted
/// events its stream has or where in the ledger it last changed. Put into an answer's tuple, it
/// becomes the `ETag` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityVersion(pub u64);

impl IntoResponseParts for EntityVersion {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Ok(tag) = HeaderValue::try_from(format!("\"{}\"", self.0)) {
            parts.headers_mut().insert(header::ETAG, tag);
        }
        Ok(parts)
    }
}

/// The condition of an `If-Match` header (RFC 9110 §13.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfMatch {
    /// `*`: any version, but there must be one.
    Any,
    /// One of these versions.
    Versions(Vec<EntityVersion>),
}

impl IfMatch {
    /// Checks the condition against the current version, nothing if the thing does not exist.
    ///
    /// # Errors
    /// 412 if the condition fails.
    pub fn check(&self, current: Option<EntityVersion>) -> Result<(), Problem> {
        let holds = match (self, current) {
            (_, None) => false,
            (Self::Any, Some(_)) => true,
            (Self::Versions(versions), Some(current)) => versions.contains(&current),
        };
        if holds {
            return Ok(());
        }
        let detail = current.map_or_else(
            || "it does not exist".to_owned(),
            |version| format!("the current version is `\"{}\"`", version.0),
        );
        Err(Problem::of(ProblemType::PreconditionFailed, detail))
    }

    fn parse(text: &str) -> Option<Self> {
        if text.trim() == "*" {
            return Some(Self::Any);
        }
        // A tag that is not a number matches nothing that we gave out; a weak one matches never.
        text.split(',')
            .map(|tag| tag.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok())
            .map(|version| version.map(EntityVersion))
            .collect::<Option<_>>()
            .map(Self::Versions)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(None) };
        let condition = value.to_str().ok().and_then(Self::parse).ok_or_else(|| {
            let detail = "give the `ETag` of an earlier answer as it was, such as `\"3\"`, or `*`";
            Problem::invalid(vec![InputError::at("If-Match", detail)])
        })?;
        Ok(Some(condition))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let condition: Option<Self> =
            <Self as OptionalFromRequestParts<S>>::from_request_parts(parts, state).await?;
        condition.ok_or_else(|| {
            let detail = "the header is missing; give the `ETag` of what you read";
            Problem::invalid(vec![InputError::at("If-Match", detail)])
        })
    }
}

#[cfg(test)]
mod tests;
