//! What an operator does with the signing keys. Each step is one file that appears or goes: whoever
//! dies between two leaves a folder that is right, and the same command again goes on.

use std::path::Path;

use fullmakt_events::Timestamp;

use super::{
    KeyState, SigningKeyError,
    folder::{KeyFolder, Slots, states_of},
    seconds,
};

/// How long a new key is published before it signs, in seconds, unless told otherwise: longer than
/// anybody keeps our JWK set, which says for how long it may be kept.
pub const LEAD_SECONDS: u64 = 600;

/// A key in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyDescription {
    /// The id.
    pub kid: String,
    /// What it is for now.
    pub state: KeyState,
}

/// The keys in a folder, in the order in which they sign. Makes and changes nothing.
///
/// # Errors
/// When the folder cannot be read, or a file in it holds something else than a key.
pub fn list_keys(folder: &Path, now: Timestamp) -> Result<Vec<KeyDescription>, SigningKeyError> {
    let slots = KeyFolder::new(folder).read(&Slots::new())?;
    Ok(described(&slots, seconds(now)).into_iter().map(|(_, key)| key).collect())
}

/// Makes a new key, which is published at once and signs after `lead_seconds`; then destroys the
/// private keys of those that are over.
///
/// # Errors
/// When a key waits already, or the folder cannot be used.
pub fn rotate_keys(
    folder: &Path,
    now: Timestamp,
    lead_seconds: u64,
) -> Result<KeyDescription, SigningKeyError> {
    let files = KeyFolder::new(folder);
    files.prepare()?;
    let _lock = files.lock()?;
    let now = seconds(now);
    let slots = files.read(&Slots::new())?;
    for (_, key) in described(&slots, now) {
        if let KeyState::Waits { from } = key.state {
            return Err(SigningKeyError::Waits { kid: key.kid, from });
        }
    }
    // Every key has a second of its own.
    let newest = slots.last_key_value().map_or(0, |(signs_from, _)| *signs_from);
    let signs_from = now.saturating_add(lead_seconds).max(newest.saturating_add(1));
    files.add(signs_from)?;
    destroy_over(&files, now)?;
    let added =
        described(&files.read(&slots)?, now).into_iter().find(|(from, _)| *from == signs_from);
    added.map(|(_, key)| key).ok_or(SigningKeyError::Generate)
}

/// Takes a key back: it signs nothing, what it signed is refused within seconds, and its private key
/// is destroyed. To do so twice is to do so once.
///
/// # Errors
/// When the key signs now, or there is none with the id.
pub fn retire_key(folder: &Path, now: Timestamp, kid: &str) -> Result<(), SigningKeyError> {
    let files = KeyFolder::new(folder);
    let unknown = || SigningKeyError::Unknown { kid: kid.to_owned() };
    let _lock = files.lock()?;
    let slots = files.read(&Slots::new())?;
    let mut keys = described(&slots, seconds(now)).into_iter();
    let (signs_from, key) = keys.find(|(_, key)| key.kid == kid).ok_or_else(unknown)?;
    match key.state {
        KeyState::Signs { .. } => Err(SigningKeyError::Signs { kid: key.kid }),
        // It has signed nothing, and leaves no place that anybody could miss.
        KeyState::Waits { .. } => files.destroy(signs_from),
        KeyState::Checks { .. } | KeyState::Over { .. } => files.retire(signs_from, kid),
        KeyState::Retired => Ok(()),
    }
}

/// Destroys the private keys of all that are over, and gives their ids.
///
/// # Errors
/// When the folder cannot be used.
pub fn retire_keys_over(folder: &Path, now: Timestamp) -> Result<Vec<String>, SigningKeyError> {
    let files = KeyFolder::new(folder);
    let _lock = files.lock()?;
    destroy_over(&files, seconds(now))
}

fn destroy_over(files: &KeyFolder, now: u64) -> Result<Vec<String>, SigningKeyError> {
    let mut destroyed = Vec::new();
    for (signs_from, key) in described(&files.read(&Slots::new())?, now) {
        match key.state {
            KeyState::Over { .. } => {
                files.retire(signs_from, &key.kid)?;
                destroyed.push(key.kid);
            }
            KeyState::Waits { .. }
            | KeyState::Signs { .. }
            | KeyState::Checks { .. }
            | KeyState::Retired => {}
        }
    }
    Ok(destroyed)
}

fn described(slots: &Slots, now: u64) -> Vec<(u64, KeyDescription)> {
    let described = states_of(slots, now).map(|(signs_from, slot, state)| {
        (signs_from, KeyDescription { kid: slot.kid().to_owned(), state })
    });
    described.collect()
}
