//! The keys of a client that may ask for tokens.

use fullmakt_events::{
    Timestamp,
    event::{TokenClientEvent, TokenKey, TokenKeyAdded, TokenKeyRetired},
};

use super::{
    ACTIVE_KEYS_MAX, ActiveClient, KeyError, KeyState, TokenClientError, is_token, public_key,
};
use crate::{Seen, national_number};

impl ActiveClient {
    /// The keys that count at this time.
    pub fn keys_at(&self, at: Timestamp) -> impl Iterator<Item = &TokenKey> {
        self.keys.values().filter_map(move |key| match key {
            KeyState::Active(key) if key.valid_from <= at && !is_over(key, at) => Some(key),
            KeyState::Active(_) | KeyState::Retired => None,
        })
    }

    /// Adds keys one after the other, as if each had been asked for by itself.
    pub(super) fn add_keys(
        &self,
        keys: &[TokenKey],
        at: Timestamp,
    ) -> Result<Vec<TokenClientEvent>, TokenClientError> {
        let mut client = self.clone();
        let mut events = Vec::new();
        for key in keys {
            if let Some(key) = client.add_key(key, at)? {
                client.keys.insert(key.kid.clone(), KeyState::Active(key.clone()));
                let client_id = self.client_id.clone();
                events.push(TokenClientEvent::KeyAdded(TokenKeyAdded { client_id, key }));
            }
        }
        Ok(events)
    }

    /// The key as it is kept; nothing if the client has it already.
    fn add_key(&self, key: &TokenKey, at: Timestamp) -> Result<Option<TokenKey>, TokenClientError> {
        let refused = |reason| TokenClientError::KeyRefused { kid: Seen::new(&key.kid), reason };
        let TokenKey { kid, jwk, valid_from, valid_to } = key.clone();
        if !is_token(&kid) || national_number::find(&kid).is_some() {
            return Err(refused(KeyError::KidForm));
        }
        let jwk = public_key(&kid, &jwk).map_err(refused)?;
        if valid_to.is_some_and(|valid_to| valid_to <= valid_from) {
            return Err(refused(KeyError::NeverValid));
        }
        let key = TokenKey { kid, jwk, valid_from, valid_to };
        match self.keys.get(&key.kid) {
            Some(KeyState::Active(other)) if *other == key => return Ok(None),
            Some(KeyState::Active(other)) if !is_over(other, at) => {
                return Err(refused(KeyError::KidTaken));
            }
            Some(KeyState::Active(_) | KeyState::Retired) | None => {}
        }
        let active = self.keys.values().filter(|other| match other {
            KeyState::Active(other) => !is_over(other, at),
            KeyState::Retired => false,
        });
        if active.count() >= ACTIVE_KEYS_MAX {
            return Err(refused(KeyError::TooMany));
        }
        Ok(Some(key))
    }

    pub(super) fn retire_key(&self, kid: &str) -> Result<Vec<TokenClientEvent>, TokenClientError> {
        match self.keys.get(kid) {
            Some(KeyState::Active(_)) => Ok(vec![TokenClientEvent::KeyRetired(TokenKeyRetired {
                client_id: self.client_id.clone(),
                kid: kid.to_owned(),
            })]),
            Some(KeyState::Retired) => Ok(vec![]),
            None => Err(TokenClientError::KeyUnknown { kid: Seen::new(kid) }),
        }
    }
}

/// Whether the key has ceased to be valid.
fn is_over(key: &TokenKey, at: Timestamp) -> bool {
    key.valid_to.is_some_and(|valid_to| valid_to <= at)
}
