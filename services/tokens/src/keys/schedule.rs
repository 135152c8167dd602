//! Which key signs when, and until when its signatures can be checked: a pure function of the names
//! of the files and the time, so that all processes that share a folder agree without talking.

use crate::TOKEN_SECONDS_MAX;

/// For how long a key's signatures can be checked after the next key signs, in seconds: the longest
/// that any token of ours is valid, and what clocks may differ.
pub const OVERLAP_SECONDS: u64 = TOKEN_SECONDS_MAX + fullmakt_pep::SKEW_SECONDS.unsigned_abs();

/// What a key is for at some time. Times are in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It is published, and does not sign yet.
    Waits {
        /// From when it signs.
        from: u64,
    },
    /// It signs.
    Signs {
        /// Since when; 0 for the first key.
        since: u64,
    },
    /// Another key signs; what this one signed can be checked.
    Checks {
        /// Until when.
        until: u64,
    },
    /// Nothing that it signed is valid any more. It is not published.
    Over {
        /// Since when.
        since: u64,
    },
    /// It was taken back: it is not published, and its private key is destroyed.
    Retired,
}

impl KeyState {
    /// Whether the public key is in the JWK set.
    #[must_use]
    pub const fn is_published(self) -> bool {
        match self {
            Self::Waits { .. } | Self::Signs { .. } | Self::Checks { .. } => true,
            Self::Over { .. } | Self::Retired => false,
        }
    }
}

/// A key's place in the order: from when it signs, and whether it was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) signs_from: u64,
    pub(super) is_retired: bool,
}

/// What each key is for at a time. The turns are in their order.
///
/// A key signs until the next one does. One that was taken back keeps its place in the order, or
/// the key before it would count as the last one that signed, and its tokens be valid for longer.
pub(super) fn states(turns: &[Turn], now: u64) -> Vec<KeyState> {
    let ends = turns.iter().skip(1).map(|turn| Some(turn.signs_from)).chain([None]);
    let state = |(turn, ends): (&Turn, Option<u64>)| match ends {
        _ if turn.is_retired => KeyState::Retired,
        _ if turn.signs_from > now => KeyState::Waits { from: turn.signs_from },
        Some(ends) if ends <= now => {
            let until = ends.saturating_add(OVERLAP_SECONDS);
            if now < until { KeyState::Checks { until } } else { KeyState::Over { since: until } }
        }
        Some(_) | None => KeyState::Signs { since: turn.signs_from },
    };
    turns.iter().zip(ends).map(state).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn turn(signs_from: u64) -> Turn {
        Turn { signs_from, is_retired: false }
    }

    #[test]
    fn a_key_waits_signs_can_be_checked_and_is_over() {
        let turns = [turn(0), turn(100)];
        let at = |now| states(&turns, now);
        let (signs, waits) = (KeyState::Signs { since: 0 }, KeyState::Waits { from: 100 });
        assert_eq!(at(99), [signs, waits]);
        let until = 100 + OVERLAP_SECONDS;
        let (checks, signs) = (KeyState::Checks { until }, KeyState::Signs { since: 100 });
        assert_eq!(at(100), [checks, signs]);
        assert_eq!(at(until - 1), [checks, signs]);
        assert_eq!(at(until), [KeyState::Over { since: until }, signs]);
    }

    #[test]
    fn at_every_time_one_key_signs() {
        let turns = [turn(0), turn(100), turn(100_000), turn(300_000)];
        for now in [0, 99, 100, 101, 99_999, 100_000, 299_999, 300_000, u64::MAX] {
            let states = states(&turns, now);
            let signs = states.iter().filter(|state| matches!(state, KeyState::Signs { .. }));
            assert_eq!(signs.count(), 1, "{now}: {states:?}");
        }
    }

    #[test]
    fn taking_a_key_back_gives_no_other_key_more_time() {
        let retired = Turn { signs_from: 100, is_retired: true };
        let now = 200 + OVERLAP_SECONDS - 1;
        let [first, second, third] = states(&[turn(0), retired, turn(200)], now)[..] else {
            panic!("three keys")
        };
        assert_eq!(first, KeyState::Over { since: 100 + OVERLAP_SECONDS });
        assert_eq!((second, third), (KeyState::Retired, KeyState::Signs { since: 200 }));
    }

    #[test]
    fn where_the_last_key_was_taken_back_none_signs_in_its_place() {
        let retired = Turn { signs_from: 100, is_retired: true };
        let states = states(&[turn(0), retired], 150);
        assert!(!states.iter().any(|state| matches!(state, KeyState::Signs { .. })), "{states:?}");
    }
}
