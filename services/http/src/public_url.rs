//! The address that clients see, for links that they can follow.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, Uri, header, request::Parts, uri::Authority},
};
use url::form_urlencoded;

use crate::Problem;

/// The address of the installation as clients reach it, from configuration, such as
/// `https://platform.example.no`. Given to [`PublicUrl`] as a request extension by
/// [`crate::protect`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicAddress(String);

impl PublicAddress {
    /// The address without a slash at its end.
    #[must_use]
    pub fn new(address: &str) -> Self {
        Self(address.trim_end_matches('/').to_owned())
    }

    /// The address as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The address of the request as its client sees it: the last `X-Forwarded-Host` and
/// `X-Forwarded-Proto`, else the configured address, else the `Host` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    base: String,
    uri: Uri,
}

const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

impl PublicUrl {
    /// The scheme and host, without a slash at the end.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The absolute address of a path of this installation, which begins with a slash.
    #[must_use]
    pub fn of(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The address of this request with one query parameter set to another value.
    #[must_use]
    pub fn with_parameter(&self, name: &str, value: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let present = self.uri.query().unwrap_or_default();
        for (other, kept) in form_urlencoded::parse(present.as_bytes()) {
            if !other.eq_ignore_ascii_case(name) {
                query.append_pair(&other, &kept);
            }
        }
        query.append_pair(name, value);
        format!("{}{}?{}", self.base, self.uri.path(), query.finish())
    }

    fn from_parts(parts: &Parts) -> Self {
        let forwarded = last(&parts.headers, &X_FORWARDED_HOST).and_then(valid_host);
        let scheme = last(&parts.headers, &X_FORWARDED_PROTO)
            .filter(|scheme| matches!(*scheme, "http" | "https"));
        let configured = parts.extensions.get::<PublicAddress>();
        let base = match (forwarded, configured) {
            (Some(host), configured) => {
                let is_http = configured.is_some_and(|address| address.0.starts_with("http://"));
                format!("{}://{host}", scheme.unwrap_or(if is_http { "http" } else { "https" }))
            }
            (None, Some(address)) => address.0.clone(),
            (None, None) => {
                let host = last(&parts.headers, &header::HOST).and_then(valid_host);
                let host = host.or_else(|| parts.uri.authority().map(Authority::as_str));
                format!("{}://{}", scheme.unwrap_or("http"), host.unwrap_or("localhost"))
            }
        };
        // Nested routers see a shortened path; clients do not.
        let original = parts.extensions.get::<axum::extract::OriginalUri>();
        let uri = original.map_or_else(|| parts.uri.clone(), |original| original.0.clone());
        Self { base, uri }
    }
}

/// The last value of a header that proxies append to.
fn last<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let value = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    value.rsplit(',').next().map(str::trim)
}

/// The text, if it is a host with an optional port and nothing else.
fn valid_host(text: &str) -> Option<&str> {
    let authority: Authority = text.parse().ok()?;
    (!authority.as_str().contains('@')).then_some(text)
}

impl<S: Send + Sync> FromRequestParts<S> for PublicUrl {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self::from_parts(parts))
    }
}

#[cfg(test)]
mod tests;
