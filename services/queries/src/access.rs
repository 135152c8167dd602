//! Who may see what a party has: asked of the decision point.

use fullmakt_events::{DecisionId, PartyNumber, ResourceId};
use fullmakt_http::{AltinnError, Problem, ProblemType};
use fullmakt_pep::{AccessRefusal, Caller, PartyRef, enforce};
use fullmakt_projections::PartyRow;
use fullmakt_reading::{Reading, failed_there};
use uuid::Uuid;

use crate::QueryState;

/// The resource whose policy says who manages a party's access.
pub(crate) const ACCESS_MANAGEMENT: &str = "altinn_access_management";
/// The resource whose policy says who sees a party's system users.
pub(crate) const SYSTEM_USER_OVERVIEW: &str = "altinn_system_user_overview";

/// Lets the caller through if the decision point permits the action for the party.
pub(crate) async fn require(
    state: &QueryState,
    caller: &Caller,
    resource: &str,
    action: &str,
    party: PartyNumber,
) -> Result<(), AltinnError> {
    require_for(state, caller, (resource, action), PartyRef::Number(party)).await?;
    Ok(())
}

/// The same for a party by any of its names.
pub(crate) async fn require_for(
    state: &QueryState,
    caller: &Caller,
    (resource, action): (&str, &str),
    party: PartyRef,
) -> Result<(), Problem> {
    let resource: ResourceId =
        resource.parse().map_err(|error| Problem::opaque(ProblemType::Internal, &error))?;
    let ask = DecisionId::new(Uuid::now_v7());
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
    match require(state, caller, ACCESS_MANAGEMENT, "write", party).await {
        Ok(()) => Ok(Answering::May),
        Err(AltinnError::Ours(problem)) if problem.kind() == ProblemType::Forbidden => {
            Ok(Answering::MayNot(problem.detail().unwrap_or_default().to_owned()))
        }
        Err(error) => Err(error),
    }
}

/// Whether the person who is logged in, if any, represents the party.
pub(crate) async fn represents(
    state: &QueryState,
    caller: &Caller,
    party: PartyNumber,
) -> Result<bool, AltinnError> {
    let Some(person) = &caller.person else { return Ok(false) };
    let answer = state.decisions.represents(person.party, PartyRef::Number(party)).await;
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
