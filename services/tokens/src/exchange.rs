//! The exchange: a token of the token issuer becomes one of the platform.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use fullmakt_http::{AltinnError, Problem, ProblemType};
use fullmakt_pep::{IssuerProfile, VerifiedToken};
use serde_json::{Map, Value, json};
use uuid::Uuid;

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
        (status = 200, description = "The platform's token.", body = String, content_type = "text/plain"),
        (status = 401, description = "No token of a trusted token issuer, or one without `consumer`."),
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
    let verified = verified(&state, &headers).await?;
    let claims = exchanged(&state, verified.claims);
    let token = state
        .sign(&claims)
        .map_err(|error| AltinnError::Ours(Problem::opaque(ProblemType::Internal, &error)))?;
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    Ok((no_store, token).into_response())
}

async fn verified(state: &TokenState, headers: &HeaderMap) -> Result<VerifiedToken, AltinnError> {
    let refused = |reason: &str| {
        AltinnError::Ours(Problem::of(ProblemType::Unauthenticated, reason).challenge("Bearer"))
    };
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(|| refused("send the token to be exchanged as `Authorization: Bearer …`"))?;
    let trusted = state.verifier().ok_or_else(|| refused("no token issuer is trusted"))?;
    let verified =
        trusted.verify_claims(token).await.map_err(|error| refused(&error.to_string()))?;
    match verified.profile {
        IssuerProfile::Maskinporten => {}
        IssuerProfile::Platform | IssuerProfile::PlatformAccess => {
            return Err(refused("the token is not one of a token issuer for organisations"));
        }
    }
    if organisation(&verified.claims).is_none() {
        return Err(refused("the token has no `consumer`"));
    }
    Ok(verified)
}

fn exchanged(state: &TokenState, claims: Map<String, Value>) -> Map<String, Value> {
    let org = organisation(&claims);
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

/// The organisation number of `consumer`.
fn organisation(claims: &Map<String, Value>) -> Option<String> {
    let consumer = claims.get("consumer")?;
    let id = consumer.get("ID").or_else(|| consumer.get("id"))?.as_str()?;
    Some(id.strip_prefix("0192:")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_organisation_is_that_of_the_consumer() {
        let claims = |consumer: Value| json!({ "consumer": consumer }).as_object().unwrap().clone();
        let org = organisation(&claims(json!({ "ID": "0192:310010014" })));
        assert_eq!(org.as_deref(), Some("310010014"));
        assert_eq!(organisation(&claims(json!({ "ID": "310010014" }))), None);
        assert_eq!(organisation(&claims(json!("0192:310010014"))), None);
        assert_eq!(organisation(&Map::new()), None);
    }
}
