//! The state of the rule from where it is kept, instead of from the ledger's beginning.

use super::{Admission, COMMANDS_REMEMBERED_SECONDS, LastWrites};
use crate::{LedgerId, Position, StreamKey, Timestamp};

/// The state of the rule after a record, to which its writes are being added. The rest of the
/// ledger is judged as by the state that was kept.
#[derive(Debug)]
pub struct Restoring {
    admission: Admission,
    last_command: Option<(Timestamp, Position)>,
}

/// Why what was kept is no state of the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// A write that came later than the state.
    #[error("a write at position {write} is in the state at position {state}")]
    Later {
        /// Where the write stands.
        write: Position,
        /// The position of the state.
        state: Position,
    },
    /// The writes of commands are not in the order in which they are forgotten.
    #[error("the write of a command at position {write} is not in its order")]
    OutOfOrder {
        /// Where the write stands.
        write: Position,
    },
}

impl Admission {
    /// Begins to restore the state after the record at this position. It has no writes yet.
    #[must_use]
    pub fn restore(ledger: LedgerId, position: Position, ledger_time: Timestamp) -> Restoring {
        let last_writes = LastWrites::default();
        let admission = Self { ledger, position, ledger_time, last_writes };
        Restoring { admission, last_command: None }
    }
}

impl Restoring {
    /// Adds the last write of a stream that is not one of a command, in any order.
    ///
    /// # Errors
    /// When the write is later than the state.
    pub fn last_write(&mut self, stream: StreamKey, at: Position) -> Result<(), RestoreError> {
        self.is_reached(at)?;
        self.admission.last_writes.record_lasting(stream, at);
        Ok(())
    }

    /// Adds the next write of a command's stream, as [`Admission::command_writes`] gives them.
    ///
    /// # Errors
    /// When the write is later than the state, or earlier than the one before.
    pub fn command_write(
        &mut self,
        stream: StreamKey,
        at: Position,
        time: Timestamp,
    ) -> Result<(), RestoreError> {
        self.is_reached(at)?;
        let is_in_order =
            self.last_command.is_none_or(|(before, last)| before <= time && last <= at);
        if !is_in_order || time > self.admission.ledger_time {
            return Err(RestoreError::OutOfOrder { write: at });
        }
        self.last_command = Some((time, at));
        self.admission.last_writes.record_command(stream, at, time);
        Ok(())
    }

    /// The state, without the commands that are forgotten by then.
    #[must_use]
    pub fn finish(self) -> Admission {
        let mut admission = self.admission;
        let remembered_from = admission.ledger_time.plus_seconds(-COMMANDS_REMEMBERED_SECONDS);
        admission.last_writes.forget_before(remembered_from);
        admission
    }

    fn is_reached(&self, write: Position) -> Result<(), RestoreError> {
        let state = self.admission.position;
        if write > state { Err(RestoreError::Later { write, state }) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, ledger, stream};

    const DAY: i64 = COMMANDS_REMEMBERED_SECONDS;

    fn restoring() -> Restoring {
        Admission::restore(ledger(), Position::new(9), at(DAY))
    }

    #[test]
    fn what_is_restored_is_where_it_was_and_knows_its_writes() {
        let (party, command) = (stream("party/a"), stream("command/a"));
        let mut restoring = restoring();
        restoring.last_write(party.key(), Position::new(9)).unwrap();
        restoring.command_write(command.key(), Position::new(4), at(DAY)).unwrap();
        restoring.command_write(command.key(), Position::new(4), at(DAY)).unwrap();
        let admission = restoring.finish();
        assert_eq!((admission.ledger(), admission.position()), (ledger(), Position::new(9)));
        assert_eq!(admission.ledger_time(), at(DAY));
        assert_eq!(admission.last_write(&party), Some(Position::new(9)));
        assert_eq!(admission.last_write(&command), Some(Position::new(4)));
        assert_eq!(admission.last_write(&stream("party/b")), None);
    }

    #[test]
    fn a_write_after_the_state_is_none_of_it() {
        let (write, state) = (Position::new(10), Position::new(9));
        let later = Err(RestoreError::Later { write, state });
        assert_eq!(restoring().last_write(stream("party/a").key(), write), later);
        assert_eq!(restoring().command_write(stream("command/a").key(), write, at(1)), later);
    }

    #[test]
    fn writes_of_commands_come_in_the_order_in_which_they_are_forgotten() {
        let key = stream("command/a").key();
        for (position, time) in [(4, 99), (3, 100), (5, DAY + 1)] {
            let mut restoring = restoring();
            restoring.command_write(key, Position::new(4), at(100)).unwrap();
            let write = Position::new(position);
            let refused = restoring.command_write(key, write, at(time));
            assert_eq!(refused, Err(RestoreError::OutOfOrder { write }), "{position} {time}");
        }
    }

    #[test]
    fn a_command_that_is_forgotten_by_then_is_left_out() {
        let (old, new) = (stream("command/old"), stream("command/new"));
        let mut restoring = Admission::restore(ledger(), Position::new(9), at(DAY + 10));
        restoring.command_write(old.key(), Position::new(1), at(9)).unwrap();
        restoring.command_write(new.key(), Position::new(2), at(10)).unwrap();
        let admission = restoring.finish();
        assert_eq!(admission.last_write(&old), None);
        assert_eq!(admission.last_write(&new), Some(Position::new(2)));
    }
}
