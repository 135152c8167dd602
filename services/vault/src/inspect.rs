//! Looking at a vault without changing anything.

use std::path::Path;

use deadpool_postgres::Pool;
use fullmakt_events::PartyId;
use uuid::Uuid;

use crate::{
    KeyStoreError, VaultError,
    keys::{KeyStore, PartyKey},
    statements::{FIND_FINGERPRINT, FIND_KEPT},
    vault::blocking,
};

/// What a vault is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultInspection {
    /// Whether nothing has ever been kept there, so that there are no keys yet.
    pub is_new: bool,
    /// How many parties were looked at.
    pub parties: usize,
    /// Those of them whose key is missing, though they were not forgotten.
    pub without_key: Vec<PartyId>,
}

/// Looks whether database and keys belong together, and whether the keys of some parties are there.
///
/// # Errors
/// When one of the two cannot be read, or they do not belong together.
pub async fn inspect(
    pool: &Pool,
    key_folder: &Path,
    parties_max: u32,
) -> Result<VaultInspection, VaultError> {
    let store = KeyStore::at(key_folder);
    let client = pool.get().await?;
    let known: Option<Vec<u8>> = match client.query_opt(FIND_FINGERPRINT, &[]).await? {
        Some(row) => Some(row.try_get(0)?),
        None => None,
    };
    let Some(known) = known else {
        return Ok(VaultInspection { is_new: true, parties: 0, without_key: Vec::new() });
    };
    let index = store.clone();
    let index_key = blocking(move || Ok(index.index_key()?)).await?;
    let folder = || key_folder.to_owned();
    let index_key = index_key.ok_or_else(|| VaultError::NoKeys { folder: folder() })?;
    if known != index_key.fingerprint() {
        return Err(VaultError::OtherKeys { folder: folder() });
    }
    let rows = client.query(FIND_KEPT, &[&i64::from(parties_max)]).await?;
    let parties: Vec<PartyId> = rows
        .iter()
        .map(|row| row.try_get::<_, Uuid>(0).map(PartyId::new))
        .collect::<Result<_, _>>()?;
    let looked_at = parties.len();
    let without_key = blocking(move || {
        let mut without = Vec::new();
        for party in parties {
            match store.get(party) {
                // A restored row of somebody who was forgotten is emptied when it is looked up.
                Ok(PartyKey::Key(_) | PartyKey::Forgotten) => {}
                Ok(PartyKey::Absent) => without.push(party),
                Err(error) => return Err(KeyStoreError::into(error)),
            }
        }
        Ok(without)
    })
    .await?;
    Ok(VaultInspection { is_new: false, parties: looked_at, without_key })
}
