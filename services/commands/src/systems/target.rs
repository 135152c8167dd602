//! The system that a change is about, and whether its caller may change it as it is now.

use axum::{extract::FromRequestParts, http::request::Parts};
use fullmakt_domain::{
    Authority, Outcome,
    system::{System, SystemError},
};
use fullmakt_events::{
    StreamName, SystemId,
    event::{CommandAnswer, SystemEvent},
};
use fullmakt_http::{AltinnError, CompatPath, EntityVersion, IfMatch, Problem};
use fullmakt_ledger::{Attempt, CommandError, Decided};
use fullmakt_wire::scopes::{SYSTEM_REGISTER_ADMIN, SYSTEM_REGISTER_WRITE};
use serde_json::json;

use crate::{CommandState, authorize, load, refusal, request::Request};

/// The system that a change is about.
pub(super) struct Target {
    pub(super) authority: Authority,
    system: SystemId,
    if_match: Option<IfMatch>,
}

/// What a path and the headers say of the system to be changed, before anything is decided.
pub(crate) struct TargetInput {
    id: String,
    if_match: Option<IfMatch>,
}

impl FromRequestParts<CommandState> for TargetInput {
    type Rejection = AltinnError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &CommandState,
    ) -> Result<Self, AltinnError> {
        let CompatPath(id) = CompatPath::from_request_parts(parts, state).await?;
        let if_match =
            <Option<IfMatch> as FromRequestParts<_>>::from_request_parts(parts, state).await?;
        Ok(Self { id, if_match })
    }
}

impl TargetInput {
    /// The target, for a caller who may change systems.
    pub(super) fn target(self, request: &Request) -> Result<Target, AltinnError> {
        let authority =
            authorize::authority(&request.caller, SYSTEM_REGISTER_WRITE, SYSTEM_REGISTER_ADMIN)?;
        let Self { id, if_match } = self;
        let unknown = |_| refusal::change_of_system(&SystemError::Unknown, &id);
        let system = id.parse().map_err(unknown)?;
        Ok(Target { authority, system, if_match })
    }
}

impl Target {
    /// The system's stream.
    pub(super) fn stream(&self) -> StreamName {
        StreamName::system(&self.system)
    }

    /// The system, if it is the caller's and is what the caller takes it for.
    ///
    /// `If-Match` comes after the owner, so that nobody learns a version of another's system, and
    /// before all that the body says (RFC 9110 §13.2.1).
    pub(super) async fn load(
        &self,
        attempt: &mut Attempt,
    ) -> Result<System, CommandError<AltinnError>> {
        let history = attempt.load(self.stream()).await?;
        let system: System = load::of(&history);
        system.of_owner(self.authority).map_err(|error| self.refused(&error))?;
        if let Some(if_match) = &self.if_match {
            let version = u64::try_from(history.len()).unwrap_or(u64::MAX);
            if_match
                .check(Some(EntityVersion(version)))
                .map_err(|problem: Problem| CommandError::Refused(problem.into()))?;
        }
        Ok(system)
    }

    /// The events, on the system's stream.
    pub(super) fn on_stream(&self, events: Vec<SystemEvent>) -> Outcome {
        events.into_iter().map(|event| (self.stream(), event.into())).collect()
    }

    /// What the caller is told when a rule forbids the change.
    pub(super) fn refused(&self, error: &SystemError) -> CommandError<AltinnError> {
        CommandError::Refused(refusal::change_of_system(error, self.system.as_str()))
    }
}

/// What is decided when these events happen: the answer to all changes is the same.
///
/// It has no `ETag`: what is held is not byte for byte what was sent (RFC 9110 §9.3.4).
pub(super) fn succeeded(events: Outcome) -> Decided<CommandAnswer> {
    let body = Some(json!({ "succeeded": true }));
    let answer = CommandAnswer { status: 200, location: None, body };
    if events.is_empty() { Decided::Nothing(answer) } else { Decided::Write { events, answer } }
}

/// Reads the claims that are written: those that are released as well.
pub(super) async fn read_claims(
    attempt: &mut Attempt,
    events: &Outcome,
) -> Result<(), CommandError<AltinnError>> {
    for (stream, _) in events.iter().filter(|(stream, _)| stream.category() == "client-id") {
        attempt.load(stream.clone()).await?;
    }
    Ok(())
}
