//! Commands that come with an idempotency key: the answer is given once and repeated for a day.

use fullmakt_events::{
    Timestamp,
    admission::COMMANDS_REMEMBERED_SECONDS,
    event::{CommandAnswer, CommandAnswered, CommandEvent},
};

use crate::{Decider, Recorded};

/// The state of `command/{uuid}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum IdempotencyKey {
    /// No command with the key has been carried out.
    #[default]
    Unused,
    /// One has, and this was the answer.
    Answered(AnsweredCommand),
}

/// A command that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnsweredCommand {
    /// The SHA-256 of its body, hexadecimal.
    pub body_hash: String,
    /// The answer.
    pub answer: CommandAnswer,
    /// Ledger time of its commit.
    pub answered_at: Timestamp,
}

/// Remembers the answer to a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RememberAnswer {
    /// When the command is carried out.
    pub at: Timestamp,
    /// The SHA-256 of its body, hexadecimal.
    pub body_hash: String,
    /// The answer.
    pub answer: CommandAnswer,
}

/// What is to be done about a command that comes with a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EarlierAnswer<'a> {
    /// Carry it out: there is none.
    None,
    /// Give this answer again.
    Given(&'a CommandAnswer),
}

/// Why a command with a key is refused. On the wire this is 422.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdempotencyError {
    /// The key came with another body before.
    #[error("the idempotency key was used with another body at {answered_at}")]
    AnotherBody {
        /// When that was carried out.
        answered_at: Timestamp,
    },
}

impl IdempotencyKey {
    /// What is to be done about a command with this body.
    ///
    /// # Errors
    /// When the key came with another body before.
    pub fn earlier_answer(
        &self,
        body_hash: &str,
        at: Timestamp,
    ) -> Result<EarlierAnswer<'_>, IdempotencyError> {
        match self {
            Self::Answered(answered) if !answered.is_forgotten(at) => {
                if answered.body_hash == body_hash {
                    Ok(EarlierAnswer::Given(&answered.answer))
                } else {
                    Err(IdempotencyError::AnotherBody { answered_at: answered.answered_at })
                }
            }
            Self::Unused | Self::Answered(_) => Ok(EarlierAnswer::None),
        }
    }
}

impl AnsweredCommand {
    /// Whether the key is free again.
    #[must_use]
    pub fn is_forgotten(&self, at: Timestamp) -> bool {
        at > self.answered_at.plus_seconds(COMMANDS_REMEMBERED_SECONDS)
    }
}

impl Decider for IdempotencyKey {
    type Command = RememberAnswer;
    type Event = CommandEvent;
    type Error = IdempotencyError;

    const CATEGORY: &'static str = "command";

    fn decide(&self, command: &RememberAnswer) -> Result<Vec<CommandEvent>, IdempotencyError> {
        match self.earlier_answer(&command.body_hash, command.at)? {
            EarlierAnswer::Given(_) => Ok(vec![]),
            EarlierAnswer::None => Ok(vec![CommandEvent::Answered(CommandAnswered {
                body_hash: command.body_hash.clone(),
                answer: command.answer.clone(),
            })]),
        }
    }

    fn evolve(self, recorded: Recorded<'_, CommandEvent>) -> Self {
        match recorded.event {
            CommandEvent::Answered(answered) => Self::Answered(AnsweredCommand {
                body_hash: answered.body_hash.clone(),
                answer: answered.answer.clone(),
                answered_at: recorded.at,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::scenario::{NOW, assert_laws_at, scenario};

    const DAY: i64 = 24 * 60 * 60;

    fn answer(status: u16) -> CommandAnswer {
        CommandAnswer { status, location: None, body: None }
    }

    fn remember(body_hash: &str, at: Timestamp) -> RememberAnswer {
        RememberAnswer { at, body_hash: body_hash.to_owned(), answer: answer(201) }
    }

    fn answered(body_hash: &str) -> CommandEvent {
        let body_hash = body_hash.to_owned();
        CommandEvent::Answered(CommandAnswered { body_hash, answer: answer(201) })
    }

    #[test]
    fn a_command_with_an_unused_key_is_carried_out_and_its_answer_remembered() {
        let key = scenario::<IdempotencyKey>([]);
        key.when_all(|key| assert_eq!(key.earlier_answer("a", NOW), Ok(EarlierAnswer::None)));
        key.when(&remember("a", NOW)).then([answered("a")]);
    }

    #[test]
    fn the_same_command_gets_the_same_answer_and_is_not_carried_out_again() {
        let key = scenario::<IdempotencyKey>([answered("a")]);
        key.when_all(|key| {
            let given = key.earlier_answer("a", NOW);
            assert_eq!(given, Ok(EarlierAnswer::Given(&answer(201))));
        });
        key.when(&remember("a", NOW)).then_nothing();
    }

    #[test]
    fn another_body_under_the_same_key_is_refused() {
        let refusal = IdempotencyError::AnotherBody { answered_at: NOW };
        let key = scenario::<IdempotencyKey>([answered("a")]);
        key.when_all(|key| assert_eq!(key.earlier_answer("b", NOW), Err(refusal.clone())));
        key.when(&remember("b", NOW)).then_refused(refusal);
    }

    #[test]
    fn a_key_is_remembered_for_a_day_and_not_a_moment_longer() {
        let last_moment = NOW.plus_seconds(DAY);
        let key = scenario::<IdempotencyKey>([answered("a")]);
        key.when(&remember("a", last_moment)).then_nothing();
        key.when(&remember("b", last_moment.plus_micros(1))).then([answered("b")]);
        key.when(&remember("a", last_moment.plus_micros(1))).then([answered("a")]);
    }

    proptest! {
        #[test]
        fn a_key_keeps_the_laws(
            history in vec((0..DAY, prop_oneof![Just("a"), Just("b")]), 0..12)
        ) {
            let mut at = NOW;
            let mut commands = Vec::new();
            for (seconds, body_hash) in history {
                at = at.plus_seconds(seconds);
                commands.push((at, remember(body_hash, at)));
            }
            let commands = commands.iter().map(|(at, command)| (*at, command));
            assert_laws_at::<IdempotencyKey>(commands, |at, before, command, after| {
                let given = after.earlier_answer(&command.body_hash, at);
                assert_eq!(given, Ok(EarlierAnswer::Given(&command.answer)));
                if before.earlier_answer(&command.body_hash, at) != Ok(EarlierAnswer::None) {
                    assert_eq!(before, after);
                }
            });
        }
    }
}
