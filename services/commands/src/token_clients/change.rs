//! What all commands about a token client have in common.

use async_trait::async_trait;
use fullmakt_domain::{
    Authority, Decider,
    token_client::{TokenClient, TokenClientChange, TokenClientCommand, TokenClientError},
};
use fullmakt_events::{ClientId, Event, StreamName, event::CommandAnswer};
use fullmakt_http::{InputError, Problem};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use fullmakt_pep::Caller;
use fullmakt_wire::scopes::{TOKEN_CLIENT_ADMIN, TOKEN_CLIENT_WRITE};

use crate::{authorize, load, refusal};

/// Something asked of a token client.
pub(crate) struct Change {
    pub(crate) authority: Authority,
    pub(crate) client_id: ClientId,
    pub(crate) asked: TokenClientChange,
    /// The answer when it succeeds.
    pub(crate) answer: CommandAnswer,
}

/// In what right a caller changes token clients.
pub(crate) fn authority(caller: &Caller) -> Result<Authority, Problem> {
    authorize::authority(caller, TOKEN_CLIENT_WRITE, TOKEN_CLIENT_ADMIN)
}

/// The client id in a path or body.
pub(crate) fn client_id(text: &str, pointer: &str) -> Result<ClientId, Problem> {
    text.parse().map_err(|_| {
        let seen = fullmakt_domain::Seen::new(text);
        let rule = "1 to 255 bytes without spaces or control characters";
        let detail = format!("`{seen}` is not a client id: {rule}");
        Problem::invalid(vec![InputError::at(pointer, detail)])
    })
}

#[async_trait]
impl Command for Change {
    type Answer = CommandAnswer;
    type Refusal = Problem;

    fn turn(&self) -> StreamName {
        StreamName::token_client(&self.client_id)
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<CommandAnswer>, CommandError<Problem>> {
        let client: TokenClient = load::state(attempt, self.turn()).await?;
        let command = TokenClientCommand {
            authority: self.authority,
            client_id: self.client_id.clone(),
            at: attempt.now(),
            change: self.asked.clone(),
        };
        decided(&client, &command, self.answer.clone(), refusal::token_client)
    }
}

/// What the client makes of the command.
pub(crate) fn decided(
    client: &TokenClient,
    command: &TokenClientCommand,
    answer: CommandAnswer,
    refused: impl FnOnce(&TokenClientError) -> Problem,
) -> Result<Decided<CommandAnswer>, CommandError<Problem>> {
    let events = client.decide(command).map_err(|error| CommandError::Refused(refused(&error)))?;
    if events.is_empty() {
        return Ok(Decided::Nothing(answer));
    }
    let stream = StreamName::token_client(&command.client_id);
    let on = |event| (stream.clone(), Event::from(event));
    Ok(Decided::Write { events: events.into_iter().map(on).collect(), answer })
}
