//! Who may see what a party has: asked of the decision point, by a layer where the path names the
//! party, and by the handler where the party is known only once something was read.

use fullmakt_events::{DecisionId, PartyNumber, ResourceId};
use fullmakt_http::{AltinnError, MinPosition, Problem, ProblemType};
use fullmakt_pep::{AccessRefusal, Caller, PartyInPath, PartyRef, Permit, enforce};
use fullmakt_projections::PartyRow;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::scopes::PORTAL;
use uuid::Uuid;

use crate::QueryState;

/// The resource whose policy says who manages a party's access.
const ACCESS_MANAGEMENT: &str = "altinn_access_management";
/// The resource whose policy says who sees a party's system users.
pub(crate) const SYSTEM_USER_OVERVIEW: &str = "altinn_system_user_overview";

/// The party that routes of the wire contract have in their paths.
const PARTY: PartyInPath = PartyInPath::Number("party");
/// For routes that show what a party has been asked for and has given.
pub(crate) const READ_ACCESS: Permit = Permit::new("read", ACCESS_MANAGEMENT, PARTY);
/// For routes that show what a party can still answer, to those who may.
pub(crate) const ANSWER_REQUESTS: Permit =
    Permit::new("write", ACCESS_MANAGEMENT, PARTY).with_any_scope(&[PORTAL]);
/// For routes that show a party's system users.
pub(crate) const READ_SYSTEM_USERS: Permit = Permit::new("read", SYSTEM_USER_OVERVIEW, PARTY);

/// Lets the caller through if the decision point permits the action for the party.
pub(crate) async fn require(
    state: &QueryState,
    caller: &Caller,
    (resource, action): (&str, &str),
    party: PartyRef,
) -> Result<(), Problem> {
    let resource: ResourceId =
        resource.parse().map_err(|error| Problem::opaque(ProblemType::Internal, &error))?;
    let ask = (MinPosition(None), DecisionId::new(Uuid::now_v7()));
    enforce(state.decisions.as_ref(), caller, action, resource, party, ask).await?;
    Ok(())
}

/// Whether a caller may answer what a party is asked.
pub(crate) enum Answering {
    /// It may.
    May,
    /// It may not, and this is why.
    MayNot(String),
}

/// Whether the caller manages the party's access, and so may answer what the party is asked.
pub(crate) async fn answering(
    state: &QueryState,
    caller: &Caller,
    party: PartyNumber,
) -> Result<Answering, AltinnError> {
    let party = PartyRef::Number(party);
    match require(state, caller, (ACCESS_MANAGEMENT, "write"), party).await {
        Ok(()) => Ok(Answering::May),
        Err(problem) if problem.kind() == ProblemType::Forbidden => {
            Ok(Answering::MayNot(problem.detail().unwrap_or_default().to_owned()))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// Whether the person who is logged in, if any, represents the party.
pub(crate) async fn represents(
    state: &QueryState,
    caller: &Caller,
    party: PartyNumber,
) -> Result<bool, AltinnError> {
    let Some(person) = &caller.person else { return Ok(false) };
    let answer = state.representations.represents(person.party, PartyRef::Number(party)).await;
    let answer = answer.map_err(|error| AltinnError::from(AccessRefusal::Undecided(error)))?;
    Ok(answer.is_represented)
}

/// The party with an integer id.
pub(crate) async fn party(
    reading: &Reading,
    number: PartyNumber,
) -> Result<Option<PartyRow>, AltinnError> {
    let party = reading.reader.party_by_number(number, None).await.map_err(failed_there)?;
    Ok(party.map(|party| party.row))
}
