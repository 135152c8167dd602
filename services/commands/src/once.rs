//! Commands that came with an idempotency key: carried out once, answered alike ever after.

use async_trait::async_trait;
use fullmakt_domain::command::{EarlierAnswer, IdempotencyError, IdempotencyKey};
use fullmakt_events::{
    LedgerId, StreamName,
    event::{CommandAnswered, CommandEvent},
};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{answer::Answer, load};

/// The name by which a command is remembered: of the ledger, the caller, the operation and the
/// caller's key, so that one caller's keys say nothing about another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CommandKey(Uuid);

impl CommandKey {
    pub(crate) fn of(ledger: LedgerId, parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        hash.update(ledger.uuid().as_bytes());
        for part in parts {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(digest.split_at(16).0);
        Self(Uuid::new_v8(bytes))
    }
}

/// A command together with what it is remembered by.
pub(crate) struct Once<C> {
    pub(crate) command: C,
    pub(crate) remembered: Option<Remember>,
}

/// What a command is remembered by.
pub(crate) struct Remember {
    pub(crate) key: CommandKey,
    pub(crate) body_hash: String,
}

/// Why a command with a key is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OnceError<R> {
    /// A rule forbids it.
    Refused(R),
    /// The key came with another body before.
    KeyReused(IdempotencyError),
}

#[async_trait]
impl<C: Command<Answer: Answer>> Command for Once<C> {
    type Answer = C::Answer;
    type Refusal = OnceError<C::Refusal>;

    fn turn(&self) -> StreamName {
        self.command.turn()
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<C::Answer>, CommandError<Self::Refusal>> {
        let Some(remember) = &self.remembered else {
            return self.command.decide(attempt).await.map_err(refused);
        };
        let stream = StreamName::command(remember.key.0);
        let state: IdempotencyKey = load::state(attempt, stream.clone()).await?;
        match state.earlier_answer(&remember.body_hash, attempt.now()) {
            Ok(EarlierAnswer::None) => {}
            Ok(EarlierAnswer::Given(answer)) => {
                return Ok(Decided::Nothing(answer.clone().into()));
            }
            Err(reused) => return Err(CommandError::Refused(OnceError::KeyReused(reused))),
        }
        match self.command.decide(attempt).await.map_err(refused)? {
            Decided::Write { mut events, answer } => {
                let answered = CommandAnswered {
                    body_hash: remember.body_hash.clone(),
                    answer: answer.clone().into_remembered(),
                };
                events.push((stream, CommandEvent::Answered(answered).into()));
                Ok(Decided::Write { events, answer })
            }
            Decided::Nothing(answer) => Ok(Decided::Nothing(answer)),
        }
    }
}

fn refused<R>(error: CommandError<R>) -> CommandError<OnceError<R>> {
    match error {
        CommandError::Refused(refusal) => CommandError::Refused(OnceError::Refused(refusal)),
        CommandError::Unavailable(unavailable) => CommandError::Unavailable(unavailable),
        CommandError::TooLarge { bytes } => CommandError::TooLarge { bytes },
        CommandError::Inconsistent(error) => CommandError::Inconsistent(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_differ_with_each_part_and_its_borders() {
        let ledger = LedgerId::new(Uuid::from_u128(1));
        let key = |parts: &[&str]| CommandKey::of(ledger, parts);
        assert_eq!(key(&["a", "b"]), key(&["a", "b"]));
        assert_ne!(key(&["a", "b"]), key(&["ab", ""]));
        assert_ne!(key(&["a", "b"]), key(&["b", "a"]));
        assert_ne!(key(&["a"]), CommandKey::of(LedgerId::new(Uuid::from_u128(2)), &["a"]));
        assert_eq!(key(&["a"]).0.get_version_num(), 8);
    }
}
