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

#[derive(Debug, Clone, Default)]
pub(super) struct LastWrites {
    lasting: Map,
    /// Streams of idempotency keys, which are forgotten.
    commands: Map,
    /// The writes in `commands` in their order, with the ledger time of each.
    command_writes: VecDeque<(Timestamp, StreamKey, Position)>,
}

impl LastWrites {
    pub(super) fn of(&self, stream: &StreamName) -> Option<Position> {
        let map = if is_command(stream) { &self.commands } else { &self.lasting };
        map.get(&stream.key()).map(|position| position.get())
    }

    pub(super) fn record(&mut self, stream: &StreamName, at: Position, time: Timestamp) {
        let key = stream.key();
        if is_command(stream) {
            self.commands.insert(key, SmallPosition::new(at));
            self.command_writes.push_back((time, key, at));
        } else {
            self.lasting.insert(key, SmallPosition::new(at));
        }
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
        self.lasting.iter().map(|(key, position)| (*key, position.get()))
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
    fn positions_survive_their_small_form() {
        for number in [0, 1, 255, 256, (1 << 48) - 1] {
            assert_eq!(SmallPosition::new(Position::new(number)).get(), Position::new(number));
        }
    }
}
