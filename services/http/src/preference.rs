//! The `Prefer` header (RFC 7240): how strictly a caller wants its request to be taken.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderName, request::Parts},
};

const PREFER: HeaderName = HeaderName::from_static("prefer");

/// What to do about a request that can be taken in a way that its caller may not have meant
/// (`handling`, RFC 7240 §4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Handling {
    /// Take it as well as possible, and say how it was taken.
    #[default]
    Lenient,
    /// Refuse it.
    Strict,
}

impl Handling {
    fn of(preference: &str) -> Option<Self> {
        let named = preference.split(';').next().unwrap_or_default();
        let (name, value) = named.split_once('=')?;
        if !name.trim().eq_ignore_ascii_case("handling") {
            return None;
        }
        match value.trim().trim_matches('"') {
            "strict" => Some(Self::Strict),
            "lenient" => Some(Self::Lenient),
            // Values that are not known are to be ignored.
            _ => None,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Handling {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let values = parts.headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok());
        // Of several the first counts.
        Ok(values.flat_map(|value| value.split(',')).find_map(Self::of).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    async fn handling(headers: &[&str]) -> Handling {
        let request = headers
            .iter()
            .fold(Request::builder(), |request, value| request.header("Prefer", *value));
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        let Ok(handling) = Handling::from_request_parts(&mut parts, &()).await;
        handling
    }

    #[tokio::test]
    async fn a_caller_that_wants_it_strict_is_heard_however_it_writes_that() {
        for headers in [
            &["handling=strict"][..],
            &["Handling = \"strict\"; why=1"],
            &["respond-async, handling=strict"],
            &["respond-async", "handling=strict"],
            &["handling=strict, handling=lenient"],
            &["handling=other", "handling=strict"],
        ] {
            assert_eq!(handling(headers).await, Handling::Strict, "{headers:?}");
        }
    }

    #[tokio::test]
    async fn nothing_else_makes_it_strict() {
        for headers in [
            &[][..],
            &["handling=lenient"],
            &["handling=lenient, handling=strict"],
            &["handling"],
            &["strict"],
            &["handlings=strict"],
            &["return=minimal"],
        ] {
            assert_eq!(handling(headers).await, Handling::Lenient, "{headers:?}");
        }
    }
}
