//! The vault: database and keys together.

mod persons;

use std::{collections::HashMap, path::Path, sync::Arc};

use deadpool_postgres::{Object, Pool};
use fullmakt_events::PartyId;
use uuid::Uuid;

pub use persons::Person;

use crate::{
    KeyStoreError, Name, NationalNumber, VaultError,
    keys::{KeyStore, PartyKey},
    sealing::{DataKey, Field, IndexKey},
    statements::{
        FIND_BY_NUMBER, FIND_BY_PARTY, FIND_FINGERPRINT, FIND_NAMES, FORGET, INSERT_FINGERPRINT,
        SET_NAME,
    },
};

/// The identity vault. Cheap to clone.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    pool: Pool,
    keys: KeyStore,
    index_key: IndexKey,
}

/// A sealed value, as a row has it.
type Sealed = Option<Vec<u8>>;

impl Vault {
    /// The vault in this database, with the keys in this folder. A new database and an empty
    /// folder become a new vault.
    ///
    /// # Errors
    /// When one of the two cannot be used, or they do not belong together.
    pub async fn open(pool: Pool, key_folder: &Path) -> Result<Self, VaultError> {
        let folder = key_folder.to_owned();
        let keys = blocking({
            let folder = folder.clone();
            move || Ok(KeyStore::open(&folder)?)
        })
        .await?;
        let client = pool.get().await?;
        let known: Option<Vec<u8>> = match client.query_opt(FIND_FINGERPRINT, &[]).await? {
            Some(row) => Some(row.try_get(0)?),
            None => None,
        };
        let store = keys.clone();
        let is_new = known.is_none();
        // Keys that are missing are not made anew: what they opened would be lost unnoticed.
        let index_key = blocking(move || {
            Ok(if is_new { Some(store.create_index_key()?) } else { store.index_key()? })
        })
        .await?;
        let index_key = index_key.ok_or_else(|| VaultError::NoKeys { folder: folder.clone() })?;
        let fingerprint = index_key.fingerprint();
        client.execute(INSERT_FINGERPRINT, &[&fingerprint]).await?;
        let known: Vec<u8> = client.query_one(FIND_FINGERPRINT, &[]).await?.try_get(0)?;
        if known != fingerprint {
            return Err(VaultError::OtherKeys { folder });
        }
        drop(client);
        Ok(Self(Arc::new(Inner { pool, keys, index_key })))
    }

    /// The party that has this number.
    ///
    /// # Errors
    /// When database or keys fail.
    pub async fn resolve(&self, number: &NationalNumber) -> Result<Option<PartyId>, VaultError> {
        let found = self.find(&self.client().await?, number).await?;
        Ok(found.map(|(party, _)| party))
    }

    /// The number of a party; none if it has none, or was forgotten.
    ///
    /// # Errors
    /// When database or keys fail.
    pub async fn number(&self, party: PartyId) -> Result<Option<NationalNumber>, VaultError> {
        let client = self.client().await?;
        let Some(row) = client.query_opt(FIND_BY_PARTY, &[&party.uuid()]).await? else {
            return Ok(None);
        };
        let Some(sealed) = row.try_get::<_, Sealed>("number")? else { return Ok(None) };
        let opened = self.open_values(vec![(party, Field::Number, sealed)]).await?;
        let Some((_, plain)) = opened.into_iter().next() else { return Ok(None) };
        let number = String::from_utf8(plain).ok().and_then(|text| text.parse().ok());
        number.map(Some).ok_or(VaultError::Unreadable { party })
    }

    /// The names of those of these parties that have one.
    ///
    /// # Errors
    /// When database or keys fail.
    pub async fn names(&self, parties: &[PartyId]) -> Result<HashMap<PartyId, Name>, VaultError> {
        let ids: Vec<Uuid> = parties.iter().map(|party| party.uuid()).collect();
        let rows = self.client().await?.query(FIND_NAMES, &[&ids]).await?;
        let sealed = rows
            .iter()
            .map(|row| {
                let party: Uuid = row.try_get("party")?;
                Ok((party.into(), Field::Name, row.try_get("name")?))
            })
            .collect::<Result<_, tokio_postgres::Error>>()?;
        let opened = self.open_values(sealed).await?;
        opened
            .into_iter()
            .map(|(party, plain)| {
                let name = String::from_utf8(plain).ok().and_then(|text| Name::new(&text).ok());
                name.map(|name| (party, name)).ok_or(VaultError::Unreadable { party })
            })
            .collect()
    }

    /// Keeps the name of a party, in the place of an earlier one.
    ///
    /// # Errors
    /// When the party was forgotten, or database or keys fail.
    pub async fn set_name(&self, party: PartyId, name: &Name) -> Result<(), VaultError> {
        let client = self.client().await?;
        self.set_name_with(&client, party, name).await
    }

    /// Forgets a party: its key is destroyed, so that what was kept of it cannot be read again, in
    /// any backup of the database either. Doing it twice is the same as doing it once. A person
    /// who is seen again afterwards is a new party.
    ///
    /// # Errors
    /// When database or keys fail. It can then be done again.
    pub async fn forget(&self, party: PartyId) -> Result<(), VaultError> {
        let store = self.0.keys.clone();
        blocking(move || Ok(store.forget(party)?)).await?;
        self.client().await?.execute(FORGET, &[&party.uuid()]).await?;
        Ok(())
    }

    async fn client(&self) -> Result<Object, VaultError> {
        Ok(self.0.pool.get().await?)
    }

    /// The party that has this number, with its sealed name.
    async fn find(
        &self,
        client: &Object,
        number: &NationalNumber,
    ) -> Result<Option<(PartyId, Sealed)>, VaultError> {
        let index = self.0.index_key.index(number);
        let Some(row) = client.query_opt(FIND_BY_NUMBER, &[&index]).await? else {
            return Ok(None);
        };
        let party: PartyId = row.try_get::<_, Uuid>("party")?.into();
        match self.key(party).await? {
            PartyKey::Key(_) => Ok(Some((party, row.try_get("name")?))),
            PartyKey::Forgotten => {
                // The database does not know yet, or was restored from before.
                client.execute(FORGET, &[&party.uuid()]).await?;
                Ok(None)
            }
            PartyKey::Absent => Err(VaultError::KeyMissing { party }),
        }
    }

    async fn key(&self, party: PartyId) -> Result<PartyKey, VaultError> {
        let store = self.0.keys.clone();
        blocking(move || Ok(store.get(party)?)).await
    }

    /// Opens sealed values. Those of forgotten parties are left out.
    async fn open_values(
        &self,
        sealed: Vec<(PartyId, Field, Vec<u8>)>,
    ) -> Result<Vec<(PartyId, Vec<u8>)>, VaultError> {
        let store = self.0.keys.clone();
        blocking(move || {
            let mut opened = Vec::with_capacity(sealed.len());
            for (party, field, value) in sealed {
                match store.get(party)? {
                    PartyKey::Key(key) => {
                        let plain = key.open(party, field, &value);
                        opened.push((party, plain.map_err(|_| VaultError::Unreadable { party })?));
                    }
                    PartyKey::Forgotten => {}
                    PartyKey::Absent => return Err(VaultError::KeyMissing { party }),
                }
            }
            Ok(opened)
        })
        .await
    }

    async fn set_name_with(
        &self,
        client: &Object,
        party: PartyId,
        name: &Name,
    ) -> Result<(), VaultError> {
        let plain = name.reveal().as_bytes().to_vec();
        let store = self.0.keys.clone();
        let sealed = blocking(move || {
            let key = store.get_or_create(party)?.ok_or(VaultError::Forgotten { party })?;
            seal(&key, party, Field::Name, &plain)
        })
        .await?;
        match client.execute(SET_NAME, &[&party.uuid(), &sealed]).await? {
            0 => Err(VaultError::Forgotten { party }),
            _ => Ok(()),
        }
    }
}

fn seal(key: &DataKey, party: PartyId, field: Field, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    // Sealing fails only for want of a nonce.
    Ok(key.seal(party, field, plain).map_err(|_| KeyStoreError::NoRandomness)?)
}

/// Runs what waits for disks where that holds up nobody.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| VaultError::Stopping)?
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Vault").field("keys", &self.0.keys).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
