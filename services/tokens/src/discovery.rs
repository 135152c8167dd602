//! What clients and resource servers need to know of us.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, header},
};
use serde_json::{Value, json};

use crate::TokenState;

/// For how long the JWK set may be kept: shorter than a new key waits before it signs.
const CACHE: &str = "max-age=300";

/// Shows the public keys that our tokens are signed with, a JWK set: also those that will sign soon,
/// and those that signed what is still valid.
#[utoipa::path(
    get,
    path = "/jwks",
    tag = "tokens",
    operation_id = "get_keys",
    responses((status = 200, description = "A JWK set (RFC 7517).", body = Object))
)]
pub(crate) async fn get_keys(
    State(state): State<TokenState>,
) -> ([(HeaderName, &'static str); 1], Json<Value>) {
    ([(header::CACHE_CONTROL, CACHE)], Json(state.keys.jwks()))
}

/// Shows where the token endpoint is and what it supports (RFC 8414).
#[utoipa::path(
    get,
    path = "/.well-known/oauth-authorization-server",
    tag = "tokens",
    operation_id = "get_metadata",
    responses((status = 200, description = "Authorization server metadata.", body = Object))
)]
pub(crate) async fn get_metadata(State(state): State<TokenState>) -> Json<Value> {
    let base = &state.issuers.base;
    Json(json!({
        "issuer": state.issuers.maskinporten,
        "token_endpoint": format!("{base}/token"),
        "jwks_uri": format!("{base}/jwks"),
        // There is no authorization endpoint, but RFC 8414 wants the member.
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "grant_types_supported": ["urn:ietf:params:oauth:grant-type:jwt-bearer"],
        "token_endpoint_auth_signing_alg_values_supported":
            ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"],
        "authorization_details_types_supported": ["urn:altinn:systemuser"],
    }))
}

#[cfg(test)]
mod tests;
