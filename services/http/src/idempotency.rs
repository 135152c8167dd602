//! The `Idempotency-Key` header: the same command twice is carried out once.

use axum::{
    extract::{FromRequestParts, OptionalFromRequestParts},
    http::{HeaderName, request::Parts},
};

use crate::{InputError, Problem};

/// The header's name.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// A caller's own key of a command: 1 to 255 visible ASCII characters, in double quotes or bare
/// (the `IETF` draft's quoted form and the common bare form are the same key).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The most bytes of a key.
    pub const BYTES_MAX: usize = 255;

    /// The key without quotes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(text: &str) -> Option<Self> {
        let bare = text
            .strip_prefix('"')
            .map_or_else(|| Some(text), |rest| rest.strip_suffix('"'))
            .filter(|bare| !bare.is_empty() && bare.len() <= Self::BYTES_MAX)?;
        bare.bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\')
            .then(|| Self(bare.to_owned()))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Problem> {
        let refused =
            |detail: String| Problem::invalid(vec![InputError::at("Idempotency-Key", detail)]);
        let mut values = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(refused("the header is given twice; give it once".to_owned()));
        }
        let key = value.to_str().ok().and_then(Self::parse).ok_or_else(|| {
            refused(format!(
                "a key is 1 to {} visible ASCII characters without `\"` and `\\`, in double quotes \
                 or bare",
                Self::BYTES_MAX
            ))
        })?;
        Ok(Some(key))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let key: Option<Self> =
            <Self as OptionalFromRequestParts<S>>::from_request_parts(parts, state).await?;
        key.ok_or_else(|| {
            let detail = "the header is missing; give each command a key of its own";
            Problem::invalid(vec![InputError::at("Idempotency-Key", detail)])
        })
    }
}

#[cfg(test)]
mod tests;
