//! What the routes share.

use std::sync::Arc;

use deadpool_postgres::Pool;
use fullmakt_pep::{Clock, TokenVerifier, TrustedIssuer};
use fullmakt_reading::ReadModels;
use fullmakt_readstore::ReadStore;
use fullmakt_vault::Vault;
use serde_json::{Map, Value};
use url::Url;

use crate::{
    SigningKeys, TOKEN_SECONDS_MAX,
    issuers::Issuers,
    keys::{SignError, seconds},
};

/// What the routes share.
#[derive(Clone)]
pub struct TokenState {
    pub(crate) store: ReadStore,
    pub(crate) vault: Vault,
    /// The durable tables.
    pub(crate) pool: Pool,
    pub(crate) issuers: Issuers,
    pub(crate) keys: Arc<SigningKeys>,
    pub(crate) clock: Clock,
    /// How long tokens are valid, in seconds.
    pub(crate) lifetime_seconds: u64,
    partner_scopes: Arc<[String]>,
    verifier: Option<TokenVerifier>,
    models: Option<ReadModels>,
}

impl TokenState {
    /// The state of the token services at this address.
    #[must_use]
    pub fn new(
        store: ReadStore,
        (vault, pool): (Vault, Pool),
        keys: SigningKeys,
        issuer: &Url,
        (clock, lifetime_seconds): (Clock, u64),
    ) -> Self {
        Self {
            store,
            vault,
            pool,
            issuers: Issuers::at(issuer),
            keys: Arc::new(keys),
            clock,
            lifetime_seconds,
            partner_scopes: Arc::default(),
            verifier: None,
            models: None,
        }
    }

    /// Our own issuers, for those who check tokens.
    #[must_use]
    pub fn trusted_issuers(&self) -> Vec<TrustedIssuer> {
        self.issuers.trusted(&self.keys)
    }

    /// The same, with the verifier by which tokens to be exchanged are checked.
    #[must_use]
    pub fn with_verifier(mut self, verifier: TokenVerifier) -> Self {
        self.verifier = Some(verifier);
        self
    }

    /// The same, exchanging persons' tokens that have one of these scopes, too.
    #[must_use]
    pub fn with_partner_scopes(mut self, scopes: &[String]) -> Self {
        self.partner_scopes = scopes.into();
        self
    }

    /// The same, waiting for positions that callers insist on. Without it, a position that the read
    /// models have not reached is refused at once.
    #[must_use]
    pub fn with_models(mut self, models: ReadModels) -> Self {
        self.models = Some(models);
        self
    }

    /// The scopes beside our own with which a person's token is exchanged.
    pub(crate) fn partner_scopes(&self) -> &[String] {
        &self.partner_scopes
    }

    pub(crate) const fn models(&self) -> Option<&ReadModels> {
        self.models.as_ref()
    }

    pub(crate) const fn verifier(&self) -> Option<&TokenVerifier> {
        self.verifier.as_ref()
    }

    /// The time, in seconds since 1970.
    pub(crate) fn now_seconds(&self) -> u64 {
        seconds((self.clock)())
    }

    /// Signs claims, which say who issues them. No token is valid for longer than
    /// [`TOKEN_SECONDS_MAX`], or keys would go before what they signed.
    pub(crate) fn sign(&self, mut claims: Map<String, Value>) -> Result<String, SignError> {
        let latest = self.now_seconds().saturating_add(TOKEN_SECONDS_MAX);
        if claims.get("exp").is_none_or(|expires| !expires_by(expires, latest)) {
            claims.insert("exp".to_owned(), latest.into());
        }
        self.keys.sign(&claims)
    }
}

/// Whether a time in seconds since 1970 (RFC 7519 §2), which may have a fraction, is not after
/// another.
fn expires_by(expires: &Value, latest: u64) -> bool {
    let whole =
        expires.as_u64().or_else(|| format!("{:.0}", expires.as_f64()?.ceil()).parse().ok());
    whole.is_some_and(|expires| expires <= latest)
}
