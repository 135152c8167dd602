//! The identity vault: national numbers and names of persons, each under a key of its own.
//!
//! The ledger and the read models know persons by their party only. What the vault knows of a
//! party is encrypted in the database, under a key in a file outside of it; to forget a person is
//! to destroy the key. `services/vault/README.md` says what that asks of backups.

mod error;
mod inspect;
mod keys;
mod name;
mod national_number;
mod sealing;
mod statements;
mod vault;

pub use error::{KeyStoreError, VaultError};
pub use inspect::{VaultInspection, inspect};
pub use name::{Name, NameError};
pub use national_number::{NationalNumber, NationalNumberError};
pub use vault::{Person, Vault};
