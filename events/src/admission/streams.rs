//! The last admitted write of every stream, in few bytes.

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasherDefault, Hasher},
};

use crate::{Position, StreamKey, StreamName, Timestamp};

/// Stream keys are the bits of a cryptographic hash already: eight of their bytes serve as hash.
#[derive(Debug, Clone, Default)]
pub(super) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        if let Some((first, _)) = bytes.split_first_chunk() {
            self.0 = u64::from_le_bytes(*first);
        }
    }
}

/// A position in six bytes, so that an entry has 22 bytes and no padding (281 trillion positions).
#[derive(Debug, Clone, Copy)]
struct SmallPosition([u8; 6]);

impl SmallPosition {
    fn new(position: Position) -> Self {
        let bytes = position.get().to_le_bytes();
        Self(bytes.first_chunk().copied().unwrap_or_default())
    }

    fn get(self) -> Position {
        let mut bytes = [0; 8];
        for (to, from) in bytes.iter_mut().zip(self.0) {
            *to = from;
        }
        Position::new(u64::from_le_bytes(bytes))
    }
}

type Map = HashMap<StreamKey, SmallPosition, BuildHasherDefault<KeyHasher>>;

/// A map in 256 parts. Each grows by itself, so that growing stops the fold for a millisecond and
/// not for as long as it takes to move everything, and never holds everything twice.
#[derive(Debug, Clone)]
struct Parted(Box<[Map]>);

impl Default for Parted {
    fn default() -> Self {
        Self((0..=u8::MAX).map(|_| Map::default()).collect())
    }
}

impl Parted {
    fn get(&self, key: &StreamKey) -> Option<Position> {
        Some(self.0.get(part_of(key))?.get(key)?.get())
    }

    fn insert(&mut self, key: StreamKey, at: Position) {
        if let Some(part) = self.0.get_mut(part_of(&key)) {
            part.insert(key, SmallPosition::new(at));
        }
    }

    fn iter(&self) -> impl Iterator<Item = (StreamKey, Position)> {
        self.0.iter().flatten().map(|(key, position)| (*key, position.get()))
    }
}

/// The last byte of the key: the hash is made of others.
fn part_of(key: &StreamKey) -> usize {
    let [.., last] = *key.bytes();
    usize::from(last)
}

#[derive(Debug, Clone, Default)]
pub(super) struct LastWrites {
    lasting: Parted,
    /// Streams of idempotency keys, which are forgotten.
    commands: Map,
    /// The writes in `commands` in their order, with the ledger time of each.
    command_writes: VecDeque<(Timestamp, StreamKey, Position)>,
}

impl LastWrites {
    pub(super) fn of(&self, stream: &StreamName) -> Option<Position> {
        let key = stream.key();
        if is_command(stream) {
            self.commands.get(&key).map(|position| position.get())
        } else {
            self.lasting.get(&key)
        }
    }

    pub(super) fn record(&mut self, stream: &StreamName, at: Position, time: Timestamp) {
        let key = stream.key();
        if is_command(stream) {
            self.record_command(key, at, time);
        } else {
            self.record_lasting(key, at);
        }
    }

    pub(super) fn record_lasting(&mut self, key: StreamKey, at: Position) {
        self.lasting.insert(key, at);
    }

    pub(super) fn record_command(&mut self, key: StreamKey, at: Position, time: Timestamp) {
        self.commands.insert(key, SmallPosition::new(at));
        self.command_writes.push_back((time, key, at));
    }

    /// Forgets the command streams last written before `time`. Every fold does so at the same
    /// record, since it depends on ledger time alone.
    pub(super) fn forget_before(&mut self, time: Timestamp) {
        while let Some((_, key, at)) =
            self.command_writes.pop_front_if(|(written, _, _)| *written < time)
        {
            if self.commands.get(&key).is_some_and(|last| last.get() == at) {
                self.commands.remove(&key);
            }
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (StreamKey, Position)> {
        self.lasting.iter()
    }

    pub(super) fn of_commands(&self) -> impl Iterator<Item = (StreamKey, Position, Timestamp)> {
        self.command_writes.iter().map(|(time, key, at)| (*key, *at, *time))
    }
}

fn is_command(stream: &StreamName) -> bool {
    stream.category() == StreamName::COMMAND
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_no_padding() {
        assert_eq!(size_of::<(StreamKey, SmallPosition)>(), 22);
    }

    #[test]
    fn every_part_is_used_and_found_again() {
        let mut parted = Parted::default();
        let streams = (0..10_000).map(|n| StreamName::party(uuid::Uuid::from_u128(n).into()));
        let keys: Vec<StreamKey> = streams.map(|stream| stream.key()).collect();
        for (at, key) in (0..).zip(&keys) {
            parted.insert(*key, Position::new(at));
        }
        assert!(parted.0.iter().all(|part| !part.is_empty()));
        assert!((0..).zip(&keys).all(|(at, key)| parted.get(key) == Some(Position::new(at))));
        assert_eq!(parted.iter().count(), keys.len());
    }

    #[test]
    fn positions_survive_their_small_form() {
        for number in [0, 1, 255, 256, (1 << 48) - 1] {
            assert_eq!(SmallPosition::new(Position::new(number)).get(), Position::new(number));
        }
    }
}
