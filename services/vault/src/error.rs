//! What can go wrong in the vault. No message has a number or a name.

use std::path::PathBuf;

use fullmakt_events::PartyId;
use tokio_postgres::error::SqlState;

/// What can go wrong in the vault.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The database gives no connection.
    #[error("the vault's database is unavailable")]
    Unavailable(#[source] deadpool_postgres::PoolError),
    /// A statement failed.
    #[error("a statement of the vault failed")]
    Statement(#[source] tokio_postgres::Error),
    /// The key store failed.
    #[error("the vault's key store failed")]
    KeyStore(#[source] KeyStoreError),
    /// What is kept of a party cannot be opened with its key: one of the two was changed.
    #[error("what the vault has of party `{party}` cannot be opened with the party's key")]
    Unreadable {
        /// The party.
        party: PartyId,
    },
    /// The party has content but no key, and was not forgotten.
    #[error("the key of party `{party}` is missing, but the party was not forgotten")]
    KeyMissing {
        /// The party.
        party: PartyId,
    },
    /// The party was forgotten, and stays so.
    #[error("party `{party}` was forgotten")]
    Forgotten {
        /// The party.
        party: PartyId,
    },
    /// The number belongs to another party than the one asked for.
    #[error("the number belongs to party `{existing}`, not to party `{asked}`")]
    AnotherParty {
        /// The party asked for.
        asked: PartyId,
        /// The party that has the number.
        existing: PartyId,
    },
    /// The party asked for has another number.
    #[error("party `{party}` has another number")]
    AnotherNumber {
        /// The party.
        party: PartyId,
    },
    /// The key store is not the one that this database was used with.
    #[error("the keys in `{folder}` are not those that this database was used with")]
    OtherKeys {
        /// The folder of the keys.
        folder: PathBuf,
    },
    /// The database has content, but there are no keys.
    #[error("there are no keys in `{folder}`, but this database was used with some")]
    NoKeys {
        /// The folder of the keys.
        folder: PathBuf,
    },
    /// Others changed the same party at the same time, again and again.
    #[error("others changed the same person at the same time")]
    Contended,
    /// The task that reads the keys was stopped, because the process is.
    #[error("the process is stopping")]
    Stopping,
}

impl VaultError {
    /// Whether the same may succeed a little later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unavailable(_) | Self::Contended | Self::Stopping => true,
            Self::Statement(error) => {
                let passing = [
                    SqlState::ADMIN_SHUTDOWN,
                    SqlState::CRASH_SHUTDOWN,
                    SqlState::CANNOT_CONNECT_NOW,
                    SqlState::QUERY_CANCELED,
                    SqlState::LOCK_NOT_AVAILABLE,
                ];
                error.is_closed() || error.code().is_some_and(|code| passing.contains(code))
            }
            Self::KeyStore(_)
            | Self::Unreadable { .. }
            | Self::KeyMissing { .. }
            | Self::Forgotten { .. }
            | Self::AnotherParty { .. }
            | Self::AnotherNumber { .. }
            | Self::OtherKeys { .. }
            | Self::NoKeys { .. } => false,
        }
    }
}

impl From<deadpool_postgres::PoolError> for VaultError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        Self::Unavailable(error)
    }
}

impl From<tokio_postgres::Error> for VaultError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Statement(error)
    }
}

impl From<KeyStoreError> for VaultError {
    fn from(error: KeyStoreError) -> Self {
        Self::KeyStore(error)
    }
}

/// What can go wrong with keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyStoreError {
    /// A file cannot be read or written.
    #[error("`{path}` cannot be used")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A file is not a key.
    #[error("`{path}` is not a key: it does not have 32 bytes")]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
    /// There is no randomness to make keys of.
    #[error("the system gives no random bytes")]
    NoRandomness,
}
