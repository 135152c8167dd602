//! Tokens whose signatures were checked, so that a token is not checked afresh with every request.
//!
//! What is remembered follows from the token's bytes and the key that signed it alone. Whatever can
//! change is looked at each time: the times of the token, and whether its issuer still has that
//! key. So a withdrawn or replaced key ends what it signed at once.
//!
//! Failures are not remembered. Most can end (a key comes, a token becomes valid), and made-up
//! tokens, of which there are as many as anybody likes, would push good ones out. That a token which
//! holds does not say who calls is no such failure: it follows from the token's bytes.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jsonwebtoken::Algorithm;
use lru::LruCache;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::{Caller, IssuerProfile, TokenError};

/// The most tokens that are remembered. The one used longest ago gives way.
const TOKENS_MAX: NonZeroUsize = NonZeroUsize::new(8_192).unwrap();
/// The most bytes of a token that is remembered, so that all together stay within some tens of
/// megabytes. Real ones have about a thousand.
const TOKEN_KEPT_BYTES_MAX: usize = 4 * 1024;

/// A token that holds: its signature, its times and its audience were checked.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedToken {
    /// Who issued it.
    pub issuer: String,
    /// How far the issuer is believed.
    pub profile: IssuerProfile,
    /// All claims.
    pub claims: Map<String, Value>,
}

/// A token with what it says of who calls, and with what it holds by.
pub(crate) struct Verified {
    pub(crate) token: VerifiedToken,
    caller: Result<Caller, TokenError>,
    /// The id of the key that signed it.
    pub(crate) key_id: String,
    pub(crate) algorithm: Algorithm,
    /// What tells the key that signed it from another with the same id.
    pub(crate) thumbprint: Arc<str>,
}

impl Verified {
    pub(crate) fn new(
        token: VerifiedToken,
        key_id: String,
        algorithm: Algorithm,
        thumbprint: Arc<str>,
    ) -> Self {
        let caller = Caller::from_token(&token);
        Self { token, caller, key_id, algorithm, thumbprint }
    }

    pub(crate) fn caller(&self) -> Result<Caller, TokenError> {
        self.caller.clone()
    }
}

/// The SHA-256 of a token: by what is kept in memory alone, nobody can call as another.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct TokenDigest([u8; 32]);

impl TokenDigest {
    pub(crate) fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }
}

/// The tokens that were checked for one use.
pub(crate) struct VerifiedTokens(Mutex<LruCache<TokenDigest, Arc<Verified>>>);

impl Default for VerifiedTokens {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(TOKENS_MAX)))
    }
}

impl VerifiedTokens {
    pub(crate) fn get(&self, digest: &TokenDigest) -> Option<Arc<Verified>> {
        self.tokens().get(digest).cloned()
    }

    pub(crate) fn keep(&self, digest: TokenDigest, token: &str, verified: &Arc<Verified>) {
        if token.len() <= TOKEN_KEPT_BYTES_MAX {
            self.tokens().put(digest, Arc::clone(verified));
        }
    }

    pub(crate) fn forget(&self, digest: &TokenDigest) {
        self.tokens().pop(digest);
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.tokens().len()
    }

    fn tokens(&self) -> MutexGuard<'_, LruCache<TokenDigest, Arc<Verified>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
