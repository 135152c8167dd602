//! A request document and its answers.

use axum::{
    Json,
    http::HeaderName,
    response::{IntoResponse, Response},
};
use fullmakt_access::AccessDecision;
use fullmakt_events::{DecisionId, OrgNumber, ResourceId};
use fullmakt_http::{InputError, MinPosition, Problem, ProblemType, RequestId};
use fullmakt_pep::{Caller, FULLMAKT_DECISION};
use fullmakt_xacml::{
    Decision, DecisionResult, Evaluation, ExtendedDecision, Limits, Request, RequestDocument,
    RequestError, Status, StatusCode,
};
use uuid::Uuid;

use super::PdpState;
use crate::{
    Asked, Generation, LogError,
    identify::{self, IdentifyError, Persons},
    render::{XacmlJsonResponse, XacmlJsonResult},
};

/// The reason in the log where a request refers to what the document does not have.
const REFERENCE: &str = "reference-not-known";

/// Whose resources a caller may ask about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// All.
    All,
    /// Those of this organisation.
    OwnedBy(OrgNumber),
}

/// Decides everything that a document asks for, all on one generation.
pub(super) async fn answer(
    state: &PdpState,
    caller: &Caller,
    reach: Reach,
    persons: Persons,
    (min_position, request_id): (MinPosition, RequestId),
    body: &str,
) -> Result<Response, Problem> {
    let generation = state.decisions.at_least(min_position).await?;
    let limits = Limits { decisions: state.batch_max, ..Limits::default() };
    let document = RequestDocument::from_json(body, &limits)
        .and_then(|document| document.into_individual_requests(&limits))
        .map_err(|error| unreadable(&error))?;
    within_reach(&generation, reach, requests(&document))?;
    let mut results = Vec::with_capacity(document.len());
    let mut ids = Vec::with_capacity(document.len());
    for request in document {
        let id = DecisionId::new(Uuid::now_v7());
        ids.push(id);
        let asked = Asked {
            id,
            caller: Some(caller.actor()),
            correlation: Some(request_id.as_str().to_owned()),
        };
        let result = match request {
            Ok(request) => one(state, &generation, persons, asked, request).await?,
            Err(status) => {
                undecided(state, &generation, asked, None, REFERENCE).await?;
                DecisionResult::indeterminate(status)
            }
        };
        results.push(XacmlJsonResult::from(&result));
    }
    Ok((state.token_of(&generation), only(&ids), Json(XacmlJsonResponse { response: results }))
        .into_response())
}

/// The header that names the decision, if there is one only: the contract's documents have no place
/// for it. Those of a batch are found by the id of the request.
fn only(ids: &[DecisionId]) -> Option<[(HeaderName, String); 1]> {
    let [id] = ids else { return None };
    Some([(FULLMAKT_DECISION, id.to_string())])
}

fn requests(document: &[Result<Request, Status>]) -> impl Iterator<Item = ResourceId> + '_ {
    document.iter().filter_map(|request| identify::resource(request.as_ref().ok()?))
}

/// The decision service is no oracle about everyone: who is not an administrator asks about
/// resources of its own organisation.
fn within_reach(
    generation: &Generation,
    reach: Reach,
    resources: impl Iterator<Item = ResourceId>,
) -> Result<(), Problem> {
    let Reach::OwnedBy(org) = reach else { return Ok(()) };
    for resource in resources {
        let owner = generation.graph.resource(&resource).map(|node| node.definition.owner);
        if owner.is_some_and(|owner| owner != org) {
            return Err(Problem::of(
                ProblemType::Forbidden,
                format!(
                    "resource `{resource}` belongs to another organisation than `{org}`; ask about \
                     your own resources, or with the scope `altinn:authorization/authorize.admin`"
                ),
            ));
        }
    }
    Ok(())
}

async fn one(
    state: &PdpState,
    generation: &Generation,
    persons: Persons,
    asked: Asked,
    request: Request,
) -> Result<DecisionResult, Problem> {
    let at = state.decisions.now();
    let question = identify::question(generation, &state.vault, persons, request.clone(), at).await;
    match question {
        Ok(question) => {
            let decided = state
                .decisions
                .decide(generation, asked, &question)
                .await
                .map_err(|error| unlogged(&error))?;
            Ok(DecisionResult::new(&request, evaluation(decided.access)))
        }
        Err(IdentifyError::Unidentified(unidentified)) => {
            let resource = identify::resource(&request);
            let code = unidentified.code();
            undecided(state, generation, asked, resource.as_ref(), code).await?;
            Ok(DecisionResult::indeterminate(Status::error(StatusCode::SyntaxError, code)))
        }
        Err(IdentifyError::Vault(error)) => Err(Problem::opaque(ProblemType::Unavailable, &error)),
    }
}

/// Logs what cannot be decided.
async fn undecided(
    state: &PdpState,
    generation: &Generation,
    asked: Asked,
    resource: Option<&ResourceId>,
    reason: &'static str,
) -> Result<(), Problem> {
    let logged = state.decisions.undecided(generation, asked, resource, reason).await;
    logged.map_err(|error| unlogged(&error))
}

fn evaluation(access: AccessDecision) -> Evaluation {
    Evaluation {
        decision: access.decision,
        extended: match access.decision {
            Decision::Permit => ExtendedDecision::Permit,
            Decision::Deny => ExtendedDecision::Deny,
            Decision::NotApplicable => ExtendedDecision::NotApplicable,
            Decision::Indeterminate => ExtendedDecision::IndeterminateDP,
        },
        status: access.status,
        obligations: access.obligations,
        advice: Vec::new(),
        policies: Vec::new(),
    }
}

/// What cannot be read is told apart from what is no request.
fn unreadable(error: &RequestError) -> Problem {
    let detail = error.to_string();
    match error {
        RequestError::Json { .. } => Problem::of(ProblemType::MalformedRequest, detail),
        RequestError::TooLarge { .. } => Problem::of(ProblemType::TooLarge, detail),
        RequestError::Xml(_)
        | RequestError::Missing(_)
        | RequestError::Form(_)
        | RequestError::UnknownDataType(_)
        | RequestError::Value(_)
        | RequestError::Path(_)
        | RequestError::XPathVersion(_)
        | RequestError::TooManyValues { .. }
        | RequestError::TooManyDecisions { .. } => {
            Problem::invalid(vec![InputError::at("/Request", detail)])
        }
    }
}

fn unlogged(error: &LogError) -> Problem {
    Problem::opaque(ProblemType::Unavailable, error)
}

#[cfg(test)]
mod tests;
