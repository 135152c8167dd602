//! The exchange: a token of the token issuer becomes one of the platform.

mod id_porten;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use fullmakt_events::OrgNumber;
use fullmakt_http::{AltinnError, Problem, ProblemType};
use fullmakt_pep::{IssuerProfile, TokenError, VerifiedToken};
use serde_json::{Map, Value, json};
use uuid::Uuid;

pub(crate) use id_porten::{__path_exchange_id_porten, exchange_id_porten};

use crate::TokenState;

/// How surely machines are authenticated, by the contract.
const MACHINE_LEVEL: u8 = 3;
/// Claims that say who issued the token exchanged, and for whom.
const NOT_COPIED: [&str; 4] = ["aud", "iss", "client_amr", "sid"];

/// Exchanges a token of the token issuer for one of the platform.
///
/// Answers with the token as text.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/exchange/maskinporten",
    tag = "tokens",
    operation_id = "exchange_maskinporten",
    responses(
        (status = 200, description = "The platform's token.", body = String, content_type = "text/plain", example = json!("eyJhbGciOiJSUzI1NiIsImtpZCI6IjFmMmUzZDRjNWI2YTc5ODgifQ.eyJzY29wZSI6ImRlbW86dmF0LndyaXRlIn0.c2lnbmF0dXJl")),
        (status = 401, description = "No token of a trusted token issuer, or one without `consumer`.", content_type = "application/problem+json"),
        (status = 410, description = "Enterprise users are not supported any more."),
    ),
    security(("bearer" = []))
)]
#[tracing::instrument(name = "handler.tokens.exchange", skip_all)]
pub(crate) async fn exchange_maskinporten(
    State(state): State<TokenState>,
    headers: HeaderMap,
) -> Result<Response, AltinnError> {
    if headers.contains_key("x-altinn-enterpriseuser-authentication") {
        return Err(AltinnError::PlainText(
            StatusCode::GONE,
            "Enterprise users are not supported any more.".into(),
        ));
    }
    let (verified, org) = verified(&state, &headers).await?;
    let claims = exchanged(&state, verified.claims, org);
    signed(&state, claims)
}

fn signed(state: &TokenState, claims: Map<String, Value>) -> Result<Response, AltinnError> {
    let token = state
        .sign(claims)
        .map_err(|error| AltinnError::Ours(Problem::opaque(ProblemType::Internal, &error)))?;
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    Ok((no_store, token).into_response())
}

/// The token to be exchanged, checked, with the organisation that it was issued to.
async fn verified(
    state: &TokenState,
    headers: &HeaderMap,
) -> Result<(VerifiedToken, OrgNumber), AltinnError> {
    let verified = verified_as(state, headers, IssuerProfile::Maskinporten).await?;
    let org = organisation(&verified.claims);
    let org =
        org.ok_or_else(|| refused("the token has no `consumer` with `0192:` and a number"))?;
    Ok((verified, org))
}

/// The token to be exchanged, if it is one of an issuer of this kind.
async fn verified_as(
    state: &TokenState,
    headers: &HeaderMap,
    profile: IssuerProfile,
) -> Result<VerifiedToken, AltinnError> {
    let token = bearer(headers)?;
    let trusted = state.verifier().ok_or_else(|| refused("no token issuer is trusted"))?;
    let verified = trusted.verify_claims(token).await?;
    if verified.profile == profile {
        return Ok(verified);
    }
    Err(refused(match profile {
        IssuerProfile::IdPorten => "the token is not one of an issuer for persons",
        IssuerProfile::Maskinporten | IssuerProfile::Platform | IssuerProfile::PlatformAccess => {
            "the token is not one of a token issuer for organisations"
        }
    }))
}

fn bearer(headers: &HeaderMap) -> Result<&str, AltinnError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or(TokenError::Missing)?.to_str().unwrap_or_default();
    let token = match value.trim().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        Some(_) | None => return Err(TokenError::NotBearer.into()),
    };
    if values.next().is_some() { Err(TokenError::NotBearer.into()) } else { Ok(token) }
}

fn refused(reason: &str) -> AltinnError {
    let problem = Problem::of(ProblemType::Unauthenticated, reason);
    AltinnError::Ours(problem.challenge("Bearer error=\"invalid_token\""))
}

/// The claims of the platform's token. It expires when the token exchanged does.
fn exchanged(state: &TokenState, claims: Map<String, Value>, org: OrgNumber) -> Map<String, Value> {
    let mut exchanged: Map<String, Value> = claims
        .into_iter()
        // What the platform alone may say is not taken from others.
        .filter(|(name, _)| {
            !NOT_COPIED.contains(&name.as_str()) && !name.starts_with("urn:altinn:")
        })
        .collect();
    let mut put = |name: &str, value: Value| exchanged.insert(name.to_owned(), value);
    put("urn:altinn:orgNumber", json!(org));
    put("urn:altinn:authenticatemethod", json!("maskinporten"));
    put("urn:altinn:authlevel", json!(MACHINE_LEVEL));
    put("iss", json!(state.issuers.platform));
    put("sid", json!(Uuid::new_v4()));
    exchanged
}

/// The organisation of `consumer`.
fn organisation(claims: &Map<String, Value>) -> Option<OrgNumber> {
    let consumer = claims.get("consumer")?;
    let id = consumer.get("ID").or_else(|| consumer.get("id"))?.as_str()?;
    OrgNumber::from_iso6523(id).ok()
}

#[cfg(test)]
mod tests;
