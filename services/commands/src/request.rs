//! What a handler knows of the request: who calls, when it came, and by which key it is remembered.

use axum::{
    Json,
    extract::{FromRequestParts, OriginalUri},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use fullmakt_events::event::CommandAnswer;
use fullmakt_http::{
    ConsistencyToken, Handling, IdempotencyKey, Problem, ProblemType, PublicUrl, RequestId,
};
use fullmakt_ledger::{Command, CommandError, Executed, Issuer, Unavailable};
use fullmakt_pep::{Authenticated, Caller};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use crate::{
    CommandState,
    answer::{Answer, Asked},
    once::{CommandKey, Once, OnceError, Remember},
    state::VISIBLE_WITHIN,
};

/// The request of a command, before its body is read.
pub(crate) struct Request {
    pub(crate) caller: Caller,
    pub(crate) public_url: PublicUrl,
    pub(crate) handling: Handling,
    id: RequestId,
    key: Option<IdempotencyKey>,
    method: Method,
    path: String,
    arrived: Instant,
}

impl FromRequestParts<CommandState> for Request {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &CommandState) -> Result<Self, Problem> {
        let arrived = Instant::now();
        let Authenticated(caller) = Authenticated::from_request_parts(parts, state).await?;
        let key = <Option<IdempotencyKey> as FromRequestParts<_>>::from_request_parts(parts, state)
            .await?;
        let Ok(id) = RequestId::from_request_parts(parts, state).await;
        let Ok(uri) = OriginalUri::from_request_parts(parts, state).await;
        let public_url = PublicUrl::from_request_parts(parts, state).await?;
        let Ok(handling) = Handling::from_request_parts(parts, state).await;
        let path = uri.path_and_query().map_or_else(|| uri.path(), |path| path.as_str()).to_owned();
        Ok(Self {
            caller,
            public_url,
            handling,
            id,
            key,
            method: parts.method.clone(),
            path,
            arrived,
        })
    }
}

impl Request {
    /// Carries the command out, and answers once its effects can be read.
    pub(crate) async fn execute<C, E>(
        &self,
        state: &CommandState,
        body: &impl Serialize,
        command: C,
    ) -> Result<Response, E>
    where
        C: Command<Answer = CommandAnswer>,
        E: From<C::Refusal> + From<Problem>,
    {
        let executed = self.carry_out::<C, E>(state, body, command).await?;
        Ok(answer(state, executed, HeaderMap::new()).await)
    }

    /// The same where a vendor asks a customer for something that it can read below a path.
    pub(crate) async fn ask<C, E>(
        &self,
        state: &CommandState,
        body: &impl Serialize,
        command: C,
        readable_below: &str,
    ) -> Result<Response, E>
    where
        C: Command<Answer = Asked>,
        E: From<C::Refusal> + From<Problem>,
    {
        let Executed { answer: asked, position, is_written } =
            self.carry_out::<C, E>(state, body, command).await?;
        let headers = asked.headers(readable_below);
        let executed = Executed { answer: asked.into_remembered(), position, is_written };
        Ok(answer(state, executed, headers).await)
    }

    async fn carry_out<C, E>(
        &self,
        state: &CommandState,
        body: &impl Serialize,
        command: C,
    ) -> Result<Executed<C::Answer>, E>
    where
        C: Command<Answer: Answer>,
        E: From<C::Refusal> + From<Problem>,
    {
        let once = Once { command, remembered: self.remember(state, body)? };
        let issuer = Issuer {
            actor: self.caller.actor(),
            reason: None,
            correlation: Some(self.id.as_str().to_owned()),
            arrived: self.arrived,
        };
        state.ledger.execute(&issuer, &once).await.map_err(|error| match error {
            CommandError::Refused(OnceError::Refused(refusal)) => E::from(refusal),
            CommandError::Refused(OnceError::KeyReused(reused)) => {
                E::from(Problem::of(ProblemType::IdempotencyKeyReused, reused.to_string()))
            }
            CommandError::Unavailable(unavailable) => E::from(unavailable_problem(unavailable)),
            CommandError::TooLarge { bytes } => E::from(too_large(bytes)),
            CommandError::Inconsistent(error) => {
                E::from(Problem::opaque(ProblemType::Internal, &error))
            }
        })
    }

    fn remember(
        &self,
        state: &CommandState,
        body: &impl Serialize,
    ) -> Result<Option<Remember>, Problem> {
        let Some(key) = &self.key else { return Ok(None) };
        let canonical = serde_json_canonicalizer::to_vec(body)
            .map_err(|error| Problem::opaque(ProblemType::Internal, &error))?;
        let org = self.caller.org.map(|org| org.to_string()).unwrap_or_default();
        let person = self.caller.person.as_ref().map(|person| person.party.to_string());
        let client = self.caller.client_id.as_ref().map(ToString::to_string);
        let parts = [
            org.as_str(),
            client.as_deref().or(person.as_deref()).unwrap_or_default(),
            self.method.as_str(),
            self.path.as_str(),
            key.as_str(),
        ];
        Ok(Some(Remember {
            key: CommandKey::of(state.ledger.id(), &parts),
            body_hash: hex::encode(Sha256::digest(&canonical)),
        }))
    }
}

/// The answer, once the command's effects can be read or it would take too long to wait.
async fn answer(
    state: &CommandState,
    executed: Executed<CommandAnswer>,
    mut headers: HeaderMap,
) -> Response {
    if executed.is_written {
        let deadline = Instant::now() + VISIBLE_WITHIN;
        // Too slow is no failure: the command has its effect, and the answer says its position.
        let _ = state.watch.wait_for(executed.position, deadline).await;
    }
    let token = ConsistencyToken::new(state.ledger.id(), executed.position);
    let CommandAnswer { status, location, body } = executed.answer;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    if let Some(location) = location.and_then(|location| HeaderValue::try_from(location).ok()) {
        headers.insert(header::LOCATION, location);
    }
    match body {
        Some(body) => (status, token, headers, Json(body)).into_response(),
        None => (status, token, headers).into_response(),
    }
}

/// The problem of a command that does not fit into one record.
fn too_large(bytes: usize) -> Problem {
    Problem::of(
        ProblemType::TooLarge,
        format!(
            "the command would take {bytes} bytes in the ledger, and a record has at most {}; \
             split it into smaller commands",
            fullmakt_events::RECORD_BYTES_MAX
        ),
    )
}

/// The problem of an answer that cannot be given now.
fn unavailable_problem(unavailable: Unavailable) -> Problem {
    Problem::opaque(ProblemType::Unavailable, &unavailable)
        .retry_after(u32::try_from(unavailable.retry_after().as_secs()).unwrap_or(u32::MAX))
}
