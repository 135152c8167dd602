//! Who may give a command: scopes, ownership, and the decision point.

use fullmakt_domain::{AuthCode, Authority};
use fullmakt_events::{DecisionId, OrgNumber, PartyId, ResourceId};
use fullmakt_http::{AltinnError, Problem, ProblemType};
use fullmakt_ledger::{Attempt, CommandError};
use fullmakt_pep::{AccessQuestion, AccessRefusal, Caller, PartyRef, Subject, judge};
use fullmakt_wire::auth_error;
use uuid::Uuid;

use crate::CommandState;

/// The resource whose policy says who manages a party's access.
pub(crate) const ACCESS_MANAGEMENT: &str = "altinn_access_management";

/// In what right a caller writes: for its own organisation, or with the administrator's scope for
/// all.
pub(crate) fn authority(
    caller: &Caller,
    own: &'static str,
    admin: &'static str,
) -> Result<Authority, Problem> {
    caller.require_any_scope(&[own, admin])?;
    if caller.has_scope(admin) {
        return Ok(Authority::Administrator);
    }
    caller.org.map(Authority::Organization).ok_or_else(|| {
        Problem::of(
            ProblemType::Forbidden,
            "the token names no organisation; use one that was issued to the organisation",
        )
    })
}

/// The vendor that calls, on routes of the wire contract.
pub(crate) fn vendor(caller: &Caller) -> Result<OrgNumber, AltinnError> {
    caller.org.ok_or_else(|| auth_error(AuthCode::VendorMissing, "the token has no `consumer`"))
}

/// The person who is logged in.
pub(crate) fn person(caller: &Caller) -> Result<PartyId, Problem> {
    caller.person.as_ref().map(|person| person.party).ok_or_else(|| {
        Problem::of(ProblemType::Forbidden, "only a person who is logged in can do this")
    })
}

/// Lets the caller through if the decision point permits the action for the party. What the
/// decision rests on becomes part of what the command rests on, so that a caller whose authority
/// ends before the command takes effect does not get through.
pub(crate) async fn permit<R: From<Problem>>(
    state: &CommandState,
    attempt: &mut Attempt,
    caller: &Caller,
    (resource, action): (&str, &str),
    party: PartyRef,
) -> Result<(), CommandError<R>> {
    let refused = |refusal: AccessRefusal| CommandError::Refused(R::from(Problem::from(refusal)));
    let subject = Subject::of(caller).ok_or_else(|| refused(AccessRefusal::NoSubject))?;
    let resource: ResourceId = resource.parse().map_err(|error| {
        CommandError::Refused(R::from(Problem::opaque(ProblemType::Internal, &error)))
    })?;
    let question = AccessQuestion {
        subject,
        action: action.to_owned(),
        resource,
        party,
        auth_level: caller.auth_level,
        // Commands are decided on the newest of everything, and again if that was not new enough.
        min_position: None,
        ask_id: DecisionId::new(Uuid::now_v7()),
    };
    let answer = state
        .decisions
        .decide(question)
        .await
        .map_err(|error| refused(AccessRefusal::Undecided(error)))?;
    attempt.consult(answer.position, answer.streams.clone());
    let allowed = judge(caller, answer).map_err(refused)?;
    attempt.authorized(allowed.authorization());
    Ok(())
}

/// Lets a person through if it represents the party. What that rests on becomes part of what the
/// command rests on.
pub(crate) async fn represents(
    state: &CommandState,
    attempt: &mut Attempt,
    person: PartyId,
    party: PartyRef,
) -> Result<(), CommandError<AltinnError>> {
    let answer = state.representations.represents(person, party).await.map_err(|error| {
        CommandError::Refused(AltinnError::from(AccessRefusal::Undecided(error)))
    })?;
    attempt.consult(answer.position, answer.streams);
    if answer.is_represented {
        return Ok(());
    }
    Err(CommandError::Refused(AltinnError::Ours(Problem::of(
        ProblemType::Forbidden,
        "the person who is logged in holds no role for the party",
    ))))
}
