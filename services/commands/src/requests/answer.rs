//! The answers to a request that need nothing but the agreement: to reject and to escalate it.

use async_trait::async_trait;
use axum::response::Response;
use fullmakt_domain::agreement::{Agreement, AgreementCommand, EscalateRequest, RejectRequest};
use fullmakt_events::{
    StreamName,
    event::{CommandAnswer, SystemUserKind},
};
use fullmakt_http::AltinnError;
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use serde_json::json;

use super::{decided, located, on_behalf};
use crate::{CommandState, load, on_behalf::OnBehalf, request::Request};

/// What is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// No. Who manages the party's access may say so.
    Reject,
    /// Others are to answer. Who represents the party may say so.
    Escalate,
}

/// Answers a request of this kind, by the party and the id in a path.
pub(super) async fn answer(
    state: &CommandState,
    request: &Request,
    (party, id): (u32, &str),
    kind: SystemUserKind,
    verb: Verb,
) -> Result<Response, AltinnError> {
    let on_behalf = on_behalf(state, request, (party, id), kind)?;
    request.execute(state, &(), Answer { on_behalf, kind, verb }).await
}

struct Answer {
    on_behalf: OnBehalf,
    kind: SystemUserKind,
    verb: Verb,
}

#[async_trait]
impl Command for Answer {
    type Answer = CommandAnswer;
    type Refusal = AltinnError;

    fn turn(&self) -> StreamName {
        self.on_behalf.turn()
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<AltinnError>> {
        let kind = self.kind;
        let OnBehalf { by, id, .. } = self.on_behalf;
        match self.verb {
            Verb::Reject => self.on_behalf.permit(attempt).await?,
            Verb::Escalate => self.on_behalf.represents(attempt).await?,
        }
        let (stream, party) = located(&self.on_behalf, kind, attempt).await?;
        let agreement: Agreement = load::state(attempt, stream.clone()).await?;
        let at = attempt.now();
        let command = match self.verb {
            Verb::Reject => AgreementCommand::Reject(RejectRequest { id, kind, at, party, by }),
            Verb::Escalate => {
                AgreementCommand::Escalate(EscalateRequest { id, kind, at, party, by })
            }
        };
        let answer = CommandAnswer { status: 200, location: None, body: Some(json!(true)) };
        decided(&agreement, &command, &stream, answer)
    }
}
