//! Rows with the interval of positions in which they hold.

use std::{fmt, ops::Deref};

use fullmakt_events::{Position, Timestamp};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A row, and the interval `[from, to)` of positions in which it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version<R> {
    /// The position that made it so.
    pub from: Position,
    /// The position that ended it; nothing means that it still holds.
    pub to: Option<Position>,
    /// What holds.
    pub row: R,
}

impl<R> Version<R> {
    /// Whether the row holds as of `position`.
    #[must_use]
    pub fn holds_at(&self, position: Position) -> bool {
        self.from <= position && self.to.is_none_or(|to| position < to)
    }
}

impl<R> Deref for Version<R> {
    type Target = R;

    fn deref(&self) -> &R {
        &self.row
    }
}

/// The place of an event: the position of its commit, and its index in the commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence {
    /// The position of the commit.
    pub position: Position,
    /// The index of the event, counted from 0.
    pub index: u32,
}

impl Sequence {
    /// How many numbers a position has for the events of its commit. A record of at most 900 KiB has
    /// fewer of them, since an event takes 43 bytes and a comma at the very least.
    const NUMBERS_A_POSITION: u64 = 1 << 15;

    /// The place as one number, `position * 2^15 + index`: a later place has a greater one. Up to
    /// position 2^38 it is exact also for whoever reads JSON's numbers as 64-bit floating point.
    #[must_use]
    pub fn number(self) -> u64 {
        let first = self.position.get().saturating_mul(Self::NUMBERS_A_POSITION);
        first.saturating_add(u64::from(self.index))
    }

    /// The place that has this number.
    #[must_use]
    pub fn of_number(number: u64) -> Self {
        let index = number % Self::NUMBERS_A_POSITION;
        Self {
            position: Position::new(number / Self::NUMBERS_A_POSITION),
            index: u32::try_from(index).unwrap_or(u32::MAX),
        }
    }
}

/// Where and when an event happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Where it stands.
    pub sequence: Sequence,
    /// The ledger time there.
    pub ledger_time: Timestamp,
}

/// The key of whatever the rows of one history are about, in 128 bits.
///
/// It is the id itself where that is a UUID, and otherwise a `UUIDv8` of the SHA-256 of the natural
/// key: of one size whatever the key's, so that no long text can be too long for an index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityKey(Uuid);

impl EntityKey {
    /// The key of an entity that a UUID names.
    #[must_use]
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// The key of an entity that these texts name together.
    #[must_use]
    pub fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            // The length keeps (`ab`, `c`) and (`a`, `bc`) apart. A usize has at most 64 bits.
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(digest.split_at(16).0);
        Self(Uuid::new_v8(bytes))
    }

    /// The key as a UUID.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl fmt::Debug for EntityKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

#[cfg(test)]
mod tests {
    use fullmakt_events::RECORD_BYTES_MAX;

    use super::*;

    #[test]
    fn a_version_holds_from_its_first_position_until_just_before_its_last() {
        let at = Position::new;
        let closed = Version { from: at(3), to: Some(at(5)), row: () };
        assert_eq!([2, 3, 4, 5].map(|p| closed.holds_at(at(p))), [false, true, true, false]);
        assert!(Version { from: at(3), to: None, row: () }.holds_at(at(u64::MAX)));
    }

    fn sequence(position: u64, index: u32) -> Sequence {
        Sequence { position: Position::new(position), index }
    }

    #[test]
    fn a_place_has_a_number_of_its_own_that_json_can_carry() {
        assert_eq!(sequence(0, 0).number(), 0);
        assert_eq!(sequence(2, 3).number(), 65_539);
        let last = sequence((1 << 38) - 1, (1 << 15) - 1);
        assert_eq!(last.number(), (1 << 53) - 1);
        for place in [sequence(0, 0), sequence(0, 7), sequence(5, 0), last] {
            assert_eq!(Sequence::of_number(place.number()), place);
        }
        // Beyond, numbers stay in order.
        assert_eq!(sequence(u64::MAX, u32::MAX).number(), u64::MAX);
    }

    #[test]
    fn no_commit_has_more_events_than_a_position_has_numbers() {
        let shortest = r#"{"stream":"","type":"","schema":1,"data":0},"#;
        let events = RECORD_BYTES_MAX.div_ceil(shortest.len());
        assert!(u64::try_from(events).unwrap() < Sequence::NUMBERS_A_POSITION, "{events}");
    }

    #[test]
    fn a_later_place_has_a_greater_number() {
        let positions = [0, 1, 2, 77, (1 << 38) - 2, (1 << 38) - 1];
        let indexes = [0, 1, 2, 77, (1 << 15) - 2, (1 << 15) - 1];
        let places = positions.into_iter().flat_map(|p| indexes.map(|i| sequence(p, i)));
        let places: Vec<Sequence> = places.collect();
        assert!(places.is_sorted_by(|one, next| one < next && one.number() < next.number()));
    }

    #[test]
    fn keys_of_several_parts_do_not_run_together() {
        assert_ne!(EntityKey::of(&["ab", "c"]), EntityKey::of(&["a", "bc"]));
        assert_ne!(EntityKey::of(&["a"]), EntityKey::of(&["a", ""]));
        assert_eq!(EntityKey::of(&["a", "b"]), EntityKey::of(&["a", "b"]));
    }
}
