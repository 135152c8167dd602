//! Encryption of what is kept of a party, and the keyed index of numbers.

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    error::Unspecified,
    hmac,
};
use fullmakt_events::PartyId;

use crate::NationalNumber;

/// The bytes of every key.
pub(crate) const KEY_BYTES: usize = 32;
/// The form of sealed values: this byte, the nonce, the ciphertext with its tag.
const FORM: u8 = 1;

/// The key of one party.
pub(crate) struct DataKey(RandomizedNonceKey);

/// What a sealed value is. A value opens only as what it was sealed as, for the same party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Number,
    Name,
}

impl DataKey {
    pub(crate) fn new(bytes: &[u8; KEY_BYTES]) -> Result<Self, Unspecified> {
        RandomizedNonceKey::new(&AES_256_GCM, bytes).map(Self)
    }

    /// Encrypts with AES-256-GCM under a random nonce. A key seals a handful of values in its life,
    /// so nonces do not repeat.
    pub(crate) fn seal(
        &self,
        party: PartyId,
        field: Field,
        plain: &[u8],
    ) -> Result<Vec<u8>, Unspecified> {
        let mut text = plain.to_vec();
        let nonce = self.0.seal_in_place_append_tag(bound_to(party, field), &mut text)?;
        let mut sealed = vec![FORM];
        sealed.extend_from_slice(nonce.as_ref());
        sealed.append(&mut text);
        Ok(sealed)
    }

    pub(crate) fn open(
        &self,
        party: PartyId,
        field: Field,
        sealed: &[u8],
    ) -> Result<Vec<u8>, Unspecified> {
        let (form, rest) = sealed.split_first().ok_or(Unspecified)?;
        let (nonce, text) = rest.split_at_checked(NONCE_LEN).ok_or(Unspecified)?;
        if *form != FORM {
            return Err(Unspecified);
        }
        let nonce = Nonce::try_assume_unique_for_key(nonce)?;
        let mut text = text.to_vec();
        let plain = self.0.open_in_place(nonce, bound_to(party, field), &mut text)?;
        Ok(plain.to_vec())
    }
}

fn bound_to(party: PartyId, field: Field) -> Aad<[u8; 17]> {
    let mut bound = [0; 17];
    let (id, kind) = bound.split_at_mut(16);
    id.copy_from_slice(party.uuid().as_bytes());
    kind.fill(match field {
        Field::Number => 1,
        Field::Name => 2,
    });
    Aad::from(bound)
}

/// The key by which numbers are found again. With it, and the eleven digits' small number of
/// possibilities, every number could be found by trying: so it is kept outside the database.
pub(crate) struct IndexKey(hmac::Key);

impl IndexKey {
    pub(crate) fn new(bytes: &[u8; KEY_BYTES]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    /// What a number is found by.
    pub(crate) fn index(&self, number: &NationalNumber) -> Vec<u8> {
        self.tag(b"fullmakt national number 1", number.digits())
    }

    /// What the key is known again by.
    pub(crate) fn fingerprint(&self) -> Vec<u8> {
        self.tag(b"fullmakt vault fingerprint 1", b"")
    }

    fn tag(&self, purpose: &[u8], value: &[u8]) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&self.0);
        context.update(purpose);
        context.update(&[0]);
        context.update(value);
        context.sign().as_ref().to_vec()
    }
}

#[cfg(test)]
mod tests;
