//! The extractors by which a handler learns who calls. A handler without one serves anybody.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, HeaderName, header, request::Parts},
};
use fullmakt_events::ClientId;
use fullmakt_http::{Problem, RateLimits, RequestContext};
use uuid::Uuid;

use crate::{Caller, Permitted, TokenError, TokenVerifier};

/// The header in which components of the platform show who they are.
pub const PLATFORM_ACCESS_TOKEN: HeaderName = HeaderName::from_static("platformaccesstoken");

/// The caller, by the bearer token of the `Authorization` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticated(pub Caller);

/// The caller, by a `PlatformAccessToken` header if there is one, else by the bearer token. Where
/// a platform token is given it must hold: a bad one is not passed over for the bearer token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformOrBearer(pub Caller);

impl<S> FromRequestParts<S> for Authenticated
where
    S: Send + Sync,
    TokenVerifier: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // A layer that let the caller through has checked and counted it.
        if let Some(permitted) = parts.extensions.get::<Permitted>() {
            return Ok(Self(permitted.caller.clone()));
        }
        let verifier = TokenVerifier::from_ref(state);
        let caller = verifier.verify(bearer(&parts.headers)?).await?;
        Ok(Self(counted(noted(caller), parts)?))
    }
}

impl<S> FromRequestParts<S> for PlatformOrBearer
where
    S: Send + Sync,
    TokenVerifier: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let verifier = TokenVerifier::from_ref(state);
        let caller = match single(&parts.headers, &PLATFORM_ACCESS_TOKEN)? {
            Some(token) => verifier.verify_platform(token.trim()).await?,
            None => verifier.verify(bearer(&parts.headers)?).await?,
        };
        Ok(Self(counted(noted(caller), parts)?))
    }
}

/// Counts the request as one of the caller's, where callers have limits. It is done once it is sure
/// who calls, so that nobody uses up what is another's.
fn counted(caller: Caller, parts: &Parts) -> Result<Caller, Problem> {
    if let Some(limits) = parts.extensions.get::<RateLimits>() {
        let mut buffer = Uuid::encode_buffer();
        let person = caller.person.as_ref().map(|person| person.party.uuid());
        let person = person.map(|id| &*id.hyphenated().encode_lower(&mut buffer));
        let client = caller.client_id.as_ref().map(ClientId::as_str);
        // Components of the platform have neither, and tokens without a client are of few issuers.
        limits.count(client.or(person).or(caller.app.as_deref()).unwrap_or(&caller.issuer))?;
    }
    Ok(caller)
}

/// Tells the canonical line of the request who called.
fn noted(caller: Caller) -> Caller {
    if let (Some(context), Some(org)) = (RequestContext::current(), caller.org) {
        context.note_caller(org);
    }
    caller
}

/// The header's value; a header given twice says nothing for sure.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, TokenError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| TokenError::Malformed),
        (Some(_), Some(_)) => Err(TokenError::NotBearer),
    }
}

fn bearer(headers: &HeaderMap) -> Result<&str, TokenError> {
    let value = single(headers, &header::AUTHORIZATION)?.ok_or(TokenError::Missing)?;
    let (scheme, token) = value.trim().split_once(' ').ok_or(TokenError::NotBearer)?;
    let token = token.trim_start();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.contains(' ') {
        return Err(TokenError::NotBearer);
    }
    Ok(token)
}

#[cfg(test)]
mod tests;
