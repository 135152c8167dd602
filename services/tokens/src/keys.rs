//! The keys that our tokens are signed with: in a folder that all processes of an installation share.
//!
//! A new key is published before it signs, so that those who keep the JWK set for a while know it
//! by then; an old one stays published until nothing that it signed is valid any more.

mod folder;
mod pair;
mod rotation;
mod schedule;

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, TryLockError},
};

use fullmakt_events::Timestamp;
use fullmakt_pep::{Clock, KeyRing, PublicKey};
use serde_json::{Map, Value, json};

use self::{
    folder::{KeyFolder, Slot, Slots, states_of},
    pair::SigningKey,
};

pub use rotation::{
    KeyDescription, LEAD_SECONDS, list_keys, retire_key, retire_keys_over, rotate_keys,
};
pub use schedule::KeyState;

/// How old what is known of the folder may be when it is used, in seconds.
const AGE_MAX_SECONDS: u64 = 5;
/// How old it may be when a key is looked for that is not known, in seconds: made-up key ids cannot
/// make us read all the time.
const AGE_MAX_IF_UNKNOWN_SECONDS: u64 = 1;

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum SigningKeyError {
    /// The folder or a file cannot be used.
    #[error("`{path}` cannot be used")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file holds no RSA key.
    #[error("`{path}` holds no RSA key in PKCS#8; restore it from its backup, or move it away")]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// No key could be made.
    #[error("no key could be made")]
    Generate,
    /// The key that signs is not taken back, or nothing would sign.
    #[error("key `{kid}` signs; rotate the keys first, and retire it when another one signs")]
    Signs {
        /// The key's id.
        kid: String,
    },
    /// There is a new key already.
    #[error(
        "key `{kid}` waits already, and signs from second {from} since 1970; wait until then, or \
         retire it first"
    )]
    Waits {
        /// The key's id.
        kid: String,
        /// From when it signs, in seconds since 1970.
        from: u64,
    },
    /// No key has the id.
    #[error("there is no key `{kid}`; `fullmakt keys list` prints those there are")]
    Unknown {
        /// The id.
        kid: String,
    },
}

/// No token can be signed now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignError {
    /// Every key waits, or was taken back.
    #[error("no key signs now; rotate the signing keys")]
    NoKey,
    /// A defect of this program.
    #[error("the token cannot be signed")]
    Failed(#[source] jsonwebtoken::errors::Error),
}

/// The keys in a folder, as they are now: what changes there counts within seconds.
pub struct SigningKeys {
    folder: KeyFolder,
    clock: Clock,
    known: RwLock<Known>,
    /// Held while the folder is read, so that one request reads for all.
    reading: Mutex<()>,
}

#[derive(Clone)]
struct Known {
    slots: Arc<Slots>,
    read_at: u64,
}

impl SigningKeys {
    /// The keys in this folder. The first process makes the first key, all others find it.
    ///
    /// # Errors
    /// When the folder cannot be used, or a file in it holds something else than a key.
    pub fn open(folder: &Path, clock: Clock) -> Result<Self, SigningKeyError> {
        let folder = KeyFolder::new(folder);
        folder.prepare()?;
        let slots = Arc::new(folder.read(&Slots::new())?);
        let known = RwLock::new(Known { slots, read_at: seconds(clock()) });
        Ok(Self { folder, clock, known, reading: Mutex::default() })
    }

    /// The public keys, as a JWK set (RFC 7517): those that sign, that will, and that did so long
    /// as something that they signed is valid.
    pub(crate) fn jwks(&self) -> Value {
        let slots = self.slots();
        let published = states_of(&slots, self.now()).filter(|(_, _, state)| state.is_published());
        let keys: Vec<&Value> =
            published.filter_map(|(_, slot, _)| slot.key()).map(SigningKey::jwk).collect();
        json!({ "keys": keys })
    }

    /// Signs claims with the key whose turn it is.
    pub(crate) fn sign(&self, claims: &Map<String, Value>) -> Result<String, SignError> {
        let slots = self.slots();
        let signs = |state| matches!(state, KeyState::Signs { .. });
        let key = states_of(&slots, self.now())
            .find_map(|(_, slot, state)| slot.key().filter(|_| signs(state)));
        key.ok_or(SignError::NoKey)?.sign(claims).map_err(SignError::Failed)
    }

    /// The keys. If what is known is old they are read again, by one request for all.
    fn slots(&self) -> Arc<Slots> {
        let known = self.known();
        if self.age_of(&known) < AGE_MAX_SECONDS {
            return known.slots;
        }
        match self.reading.try_lock() {
            Ok(reading) => self.read(&reading, &known),
            Err(TryLockError::Poisoned(poisoned)) => self.read(&poisoned.into_inner(), &known),
            Err(TryLockError::WouldBlock) => known.slots,
        }
    }

    /// The keys, read again unless that was done a moment ago.
    fn newest_slots(&self) -> Arc<Slots> {
        let reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.known();
        if self.age_of(&known) < AGE_MAX_IF_UNKNOWN_SECONDS {
            return known.slots;
        }
        self.read(&reading, &known)
    }

    /// Reads the keys. Where that fails, what is known counts.
    fn read(&self, _reading: &MutexGuard<'_, ()>, known: &Known) -> Arc<Slots> {
        let slots = match self.folder.read(&known.slots) {
            Ok(slots) => Arc::new(slots),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "the signing keys cannot be read; those known before go on"
                );
                Arc::clone(&known.slots)
            }
        };
        let read = Known { slots: Arc::clone(&slots), read_at: self.now() };
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = read;
        slots
    }

    fn published(&self, kid: &str, slots: &Slots) -> Option<PublicKey> {
        let mut published = states_of(slots, self.now())
            .filter(|(_, _, state)| state.is_published())
            .filter_map(|(_, slot, _)| slot.key());
        published.find(|key| key.kid() == kid).map(|key| key.public().clone())
    }

    fn age_of(&self, known: &Known) -> u64 {
        self.now().abs_diff(known.read_at)
    }

    fn known(&self) -> Known {
        self.known.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn now(&self) -> u64 {
        seconds((self.clock)())
    }
}

impl KeyRing for SigningKeys {
    fn public_key(&self, kid: &str) -> Option<PublicKey> {
        self.published(kid, &self.slots()).or_else(|| self.published(kid, &self.newest_slots()))
    }
}

impl Slot {
    fn key(&self) -> Option<&SigningKey> {
        match self {
            Self::Key { key, .. } => Some(key),
            Self::Retired { .. } => None,
        }
    }

    fn kid(&self) -> &str {
        match self {
            Self::Key { key, .. } => key.kid(),
            Self::Retired { kid } => kid,
        }
    }
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let slots = self.known().slots;
        let kids: Vec<&str> = slots.values().map(Slot::kid).collect();
        formatter.debug_struct("SigningKeys").field("kids", &kids).finish_non_exhaustive()
    }
}

pub(crate) fn seconds(time: Timestamp) -> u64 {
    u64::try_from(time.as_micros() / 1_000_000).unwrap_or_default()
}

#[cfg(test)]
mod tests;
