//! Tokens: the token endpoint with its keys, the exchange of tokens, and test tokens.
//!
//! In production a real Maskinporten is configured as a trusted issuer instead of the endpoint
//! here; both give the same claims.

mod details;
mod discovery;
mod exchange;
mod fresh;
mod grant;
mod issuers;
mod keys;
mod oauth_error;
mod pages;
mod refusal;
mod state;
mod test_tokens;
#[cfg(test)]
mod testing;
mod used;

use axum::{Router, routing::get};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use keys::{
    KeyDescription, KeyState, LEAD_SECONDS, SigningKeyError, SigningKeys, list_keys, retire_key,
    retire_keys_over, rotate_keys,
};
pub use pages::refusal_page;
pub use state::TokenState;

/// The longest that any token of ours is valid, in seconds.
pub const TOKEN_SECONDS_MAX: u64 = 24 * 60 * 60;

/// The routes with their documentation.
#[must_use]
pub fn routes() -> OpenApiRouter<TokenState> {
    OpenApiRouter::new()
        .routes(routes!(grant::grant_token))
        .routes(routes!(discovery::get_keys))
        .routes(routes!(discovery::get_metadata))
        .routes(routes!(exchange::exchange_maskinporten))
        .routes(routes!(exchange::exchange_id_porten))
}

/// The generator of test tokens: a token for everybody who asks. For demonstrations on this machine
/// only.
pub fn test_token_routes() -> Router<TokenState> {
    Router::new()
        .route("/test-tokens/api/GetEnterpriseToken", get(test_tokens::enterprise_token))
        .route("/test-tokens/api/GetPersonalToken", get(test_tokens::personal_token))
        .route("/test-tokens/api/GetPlatformAccessToken", get(test_tokens::platform_access_token))
        .layer(axum::middleware::from_fn(test_tokens::on_this_machine))
}
