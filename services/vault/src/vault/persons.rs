//! Finding a person by number, or making a party for one who is new.

use deadpool_postgres::Object;
use fullmakt_events::PartyId;
use uuid::Uuid;

use super::{Sealed, Vault, blocking, seal};
use crate::{
    Name, NationalNumber, VaultError,
    sealing::Field,
    statements::{ADD_NUMBER, FIND_BY_PARTY, INSERT_PERSON},
};

/// How often it is tried again when others make or forget the same person at the same time.
const TRIES: usize = 5;

/// A person who was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The national identity number.
    pub number: NationalNumber,
    /// The name, where it is known; in the place of an earlier one.
    pub name: Option<Name>,
    /// The party that the person must be, where that is already settled; else a new one if the
    /// number is new.
    pub party: Option<PartyId>,
}

impl Vault {
    /// The party of a person, who becomes one if the number is new. Of any number of processes that
    /// ask at once, all get the same.
    ///
    /// # Errors
    /// When the party asked for is another's, was forgotten or has another number, or when
    /// database or keys fail.
    pub async fn resolve_or_create(&self, person: &Person) -> Result<PartyId, VaultError> {
        let client = self.client().await?;
        for _ in 0..TRIES {
            if let Some((party, name)) = self.find(&client, &person.number).await? {
                return self.settle(&client, person, party, name).await;
            }
            if let Some(party) = self.create(&client, person).await? {
                return Ok(party);
            }
        }
        Err(VaultError::Contended)
    }

    /// The person is there already: checks the party asked for, and keeps a new name.
    async fn settle(
        &self,
        client: &Object,
        person: &Person,
        existing: PartyId,
        sealed: Sealed,
    ) -> Result<PartyId, VaultError> {
        if let Some(asked) = person.party.filter(|asked| *asked != existing) {
            return Err(VaultError::AnotherParty { asked, existing });
        }
        let Some(name) = &person.name else { return Ok(existing) };
        let known = match sealed {
            Some(sealed) => self.open_values(vec![(existing, Field::Name, sealed)]).await?,
            None => Vec::new(),
        };
        let is_known = known.iter().any(|(_, plain)| plain == name.reveal().as_bytes());
        if !is_known {
            self.set_name_with(client, existing, name).await?;
        }
        Ok(existing)
    }

    /// Makes the party; nothing if somebody else was faster.
    async fn create(
        &self,
        client: &Object,
        person: &Person,
    ) -> Result<Option<PartyId>, VaultError> {
        let party = person.party.unwrap_or_else(|| Uuid::new_v4().into());
        let (number, name) = self.seal_person(person, party).await?;
        let index = self.0.index_key.index(&person.number);
        let parameters: [&(dyn tokio_postgres::types::ToSql + Sync); 4] =
            [&party.uuid(), &index, &number, &name];
        if client.execute(INSERT_PERSON, &parameters).await? > 0 {
            return Ok(Some(party));
        }
        if person.party.is_none() {
            // Nobody else knows this id, so nothing can have been kept under its key.
            let store = self.0.keys.clone();
            blocking(move || Ok(store.discard(party)?)).await?;
            return Ok(None);
        }
        // Either the number is there by now, which the next try finds, or the party is.
        let Some(row) = client.query_opt(FIND_BY_PARTY, &[&party.uuid()]).await? else {
            return Ok(None);
        };
        if row.try_get("is_forgotten")? {
            return Err(VaultError::Forgotten { party });
        }
        match row.try_get::<_, Sealed>("number_index")? {
            Some(other) if other != index => Err(VaultError::AnotherNumber { party }),
            Some(_) => Ok(None),
            None => {
                // The party was known by name only. A number that somebody else gave in the
                // meantime is found by the next try.
                client.execute(ADD_NUMBER, &[&party.uuid(), &index, &number]).await?;
                Ok(None)
            }
        }
    }

    async fn seal_person(
        &self,
        person: &Person,
        party: PartyId,
    ) -> Result<(Vec<u8>, Sealed), VaultError> {
        let number = person.number.digits().to_vec();
        let name = person.name.as_ref().map(|name| name.reveal().as_bytes().to_vec());
        let store = self.0.keys.clone();
        blocking(move || {
            let key = store.get_or_create(party)?.ok_or(VaultError::Forgotten { party })?;
            let number = seal(&key, party, Field::Number, &number)?;
            let name = name.map(|name| seal(&key, party, Field::Name, &name)).transpose()?;
            Ok((number, name))
        })
        .await
    }
}
