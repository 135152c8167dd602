//! What all commands about a scope have in common.

use async_trait::async_trait;
use axum::response::Response;
use fullmakt_domain::{
    Decider, Seen,
    token_client::is_scope,
    token_scope::{TokenScope, TokenScopeChange, TokenScopeCommand, TokenScopeError},
};
use fullmakt_events::{Event, OrgNumber, StreamName, event::CommandAnswer};
use fullmakt_http::{InputError, Problem};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_wire::scopes::{TOKEN_SCOPE_ADMIN, TOKEN_SCOPE_WRITE};

use crate::{CommandState, authorize, load, refusal, request::Request};

/// Something asked of a scope.
pub(super) struct Change {
    pub(super) command: TokenScopeCommand,
    /// The answer when it succeeds.
    pub(super) answer: CommandAnswer,
}

/// Asks for a change of the scope in a path, which has no body and is answered with 204.
pub(super) async fn ask(
    state: &CommandState,
    request: Request,
    scope: String,
    change: TokenScopeChange,
) -> Result<Response, Problem> {
    let authority = authorize::authority(&request.caller, TOKEN_SCOPE_WRITE, TOKEN_SCOPE_ADMIN)?;
    if !is_scope(&scope) {
        return Err(refusal::token_scope(&TokenScopeError::Unknown { scope: Seen::new(&scope) }));
    }
    let answer = CommandAnswer { status: 204, location: None, body: None };
    let command = TokenScopeCommand { authority, scope, change };
    request.execute(state, &(), Change { command, answer }).await
}

/// An organisation number in a path or body.
pub(super) fn org_number(text: &str, pointer: &str) -> Result<OrgNumber, Problem> {
    text.parse().map_err(|_| {
        let detail = format!("`{}` is not an organisation number: 9 digits", Seen::new(text));
        Problem::invalid(vec![InputError::at(pointer, detail)])
    })
}

#[async_trait]
impl Command for Change {
    type Answer = CommandAnswer;
    type Refusal = Problem;

    fn turn(&self) -> StreamName {
        StreamName::token_scope(&self.command.scope)
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<Problem>> {
        let scope: TokenScope = load::state(attempt, self.turn()).await?;
        let events = scope
            .decide(&self.command)
            .map_err(|error| CommandError::Refused(refusal::token_scope(&error)))?;
        let answer = self.answer.clone();
        if events.is_empty() {
            return Ok(Decided::Nothing(answer));
        }
        let on = |event| (self.turn(), Event::from(event));
        Ok(Decided::Write { events: events.into_iter().map(on).collect(), answer })
    }
}
