//! The public keys of an issuer: read when first needed, and again when they may have changed.

mod fetch;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use fullmakt_events::Timestamp;
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash},
};
use tokio::sync::Mutex;

use crate::{Clock, KeySource};

/// How long keys are used before they are read again, so that a withdrawn key is soon forgotten
/// (seconds).
const KEYS_AGE_MAX_SECONDS: i64 = 300;
/// How long keys are used while reading them again fails, so that a short failure of the issuer is
/// not one of ours (seconds).
const KEYS_STALE_MAX_SECONDS: i64 = 3_600;
/// How long at least between two attempts to read keys, so that made-up key ids cannot make us
/// flood the issuer (seconds).
const REFRESH_INTERVAL_SECONDS: i64 = 30;

/// Why an issuer's keys cannot be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read.
    #[error("the key file cannot be read")]
    File(#[source] Arc<std::io::Error>),
    /// The address does not answer, or not in time.
    #[error("the key set cannot be fetched")]
    Fetch(#[source] Arc<reqwest::Error>),
    /// The address answers with another status than success.
    #[error("the key set's address answers with status {0}")]
    Status(u16),
    /// The set is larger than the limit.
    #[error("the key set has more than {0} bytes")]
    TooLarge(usize),
    /// It is not a JWK set.
    #[error("the key set is not one by RFC 7517")]
    Malformed(#[source] Arc<serde_json::Error>),
    /// Reading failed a moment ago and is not tried again so soon.
    #[error("the keys could not be read a moment ago")]
    TriedRecently,
}

/// The keys of one issuer.
pub(crate) struct Keys {
    clock: Clock,
    shared: Arc<Shared>,
}

/// What outlives a caller that goes away while keys are read for it.
struct Shared {
    source: KeySource,
    current: RwLock<Option<Current>>,
    /// When reading was last attempted. Held while reading, so that one task reads for all.
    attempted: Mutex<Option<Timestamp>>,
}

#[derive(Clone)]
struct Current {
    keys: Arc<HashMap<String, PublicKey>>,
    read_at: Timestamp,
}

/// Public keys of an issuer in this process, as they are at any time.
pub trait KeyRing: Send + Sync + std::fmt::Debug {
    /// The key with this id, if signatures of it are to be believed now.
    fn public_key(&self, kid: &str) -> Option<PublicKey>;
}

/// One public key.
#[derive(Clone)]
pub struct PublicKey {
    pub(crate) decoding: DecodingKey,
    /// The one algorithm the key is for, where the set says so.
    algorithm: Option<Algorithm>,
    /// What tells the key from every other (RFC 7638), whatever its id.
    pub(crate) thumbprint: Arc<str>,
}

impl PublicKey {
    /// The key in a JWK (RFC 7517), if it is a public key for signatures.
    #[must_use]
    pub fn from_jwk(jwk: &serde_json::Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(jwk.clone()).ok()?;
        Some(usable(&jwk)?.1)
    }

    /// Whether the key may check signatures of this algorithm.
    pub(crate) fn is_for(&self, algorithm: Algorithm) -> bool {
        self.decoding.family() == algorithm.family()
            && self.algorithm.is_none_or(|only| only == algorithm)
    }
}

impl Keys {
    pub(crate) fn new(source: KeySource, clock: Clock) -> Self {
        let (current, attempted) = (RwLock::default(), Mutex::default());
        Self { clock, shared: Arc::new(Shared { source, current, attempted }) }
    }

    /// The key with this id; nothing if the issuer has no such key.
    pub(crate) async fn get(&self, id: &str) -> Result<Option<PublicKey>, KeyError> {
        if let KeySource::InProcess(ring) = &self.shared.source {
            return Ok(ring.0.public_key(id));
        }
        let now = (self.clock)();
        let age = |current: &Current| now.micros_since(current.read_at).abs() / 1_000_000;
        match self.shared.current() {
            Some(current) if age(&current) > KEYS_STALE_MAX_SECONDS => {
                Ok(self.refresh(now).await?.keys.get(id).cloned())
            }
            Some(current) if age(&current) > KEYS_AGE_MAX_SECONDS => {
                // One task reads for all; the others go on with the keys they have.
                let fresh = if self.shared.attempted.try_lock().is_ok() {
                    self.refresh(now).await.unwrap_or(current)
                } else {
                    current
                };
                Ok(fresh.keys.get(id).cloned())
            }
            Some(current) => match current.keys.get(id) {
                Some(key) => Ok(Some(key.clone())),
                None => match self.refresh(now).await {
                    Ok(fresh) => Ok(fresh.keys.get(id).cloned()),
                    Err(KeyError::TriedRecently) => Ok(None),
                    Err(error) => Err(error),
                },
            },
            None => Ok(self.refresh(now).await?.keys.get(id).cloned()),
        }
    }

    /// Reads the keys, unless that was done a moment ago. A caller that goes away meanwhile takes
    /// nothing back, so that the keys are there for the next one.
    async fn refresh(&self, now: Timestamp) -> Result<Current, KeyError> {
        let shared = Arc::clone(&self.shared);
        let reading = tokio::spawn(async move { shared.refresh(now).await });
        reading.await.unwrap_or(Err(KeyError::TriedRecently))
    }
}

impl Shared {
    fn current(&self) -> Option<Current> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn refresh(&self, now: Timestamp) -> Result<Current, KeyError> {
        let is_recent = |at: Timestamp| {
            now.micros_since(at).abs() < REFRESH_INTERVAL_SECONDS.saturating_mul(1_000_000)
        };
        let mut attempted = self.attempted.lock().await;
        // Others may have read while this one waited.
        if let Some(current) = self.current().filter(|current| is_recent(current.read_at)) {
            return Ok(current);
        }
        if attempted.is_some_and(is_recent) {
            return Err(KeyError::TriedRecently);
        }
        *attempted = Some(now);
        let current = Current { keys: Arc::new(self.read().await?), read_at: now };
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Some(current.clone());
        Ok(current)
    }

    async fn read(&self) -> Result<HashMap<String, PublicKey>, KeyError> {
        let bytes = match &self.source {
            KeySource::Inline(text) => text.clone().into_bytes(),
            KeySource::File(path) => fetch::file(path).await?,
            KeySource::Url(url) => fetch::url(url).await?,
            // They are asked for one by one, and never read as a set.
            KeySource::InProcess(_) => return Ok(HashMap::new()),
        };
        let set: JwkSet =
            serde_json::from_slice(&bytes).map_err(|error| KeyError::Malformed(Arc::new(error)))?;
        Ok(set.keys.iter().filter_map(usable).collect())
    }
}

/// The key with its id, if it is a public key for signatures. Others in a set are passed over: a
/// set may have keys for encryption, or of kinds that are not known here.
fn usable(jwk: &Jwk) -> Option<(String, PublicKey)> {
    let id = jwk.common.key_id.clone()?;
    let is_for_signatures =
        jwk.common.public_key_use.as_ref().is_none_or(|of| *of == PublicKeyUse::Signature);
    let decoding = DecodingKey::from_jwk(jwk).ok().filter(|_| is_for_signatures)?;
    let thumbprint = jwk.thumbprint(ThumbprintHash::SHA256).ok()?.into();
    let algorithm = match &jwk.common.key_algorithm {
        Some(algorithm) => Some(algorithm.to_string().parse().ok()?),
        None => None,
    };
    Some((id, PublicKey { decoding, algorithm, thumbprint }))
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PublicKey")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Keys").field("source", &self.shared.source).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
