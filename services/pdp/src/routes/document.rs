//! A request document and its answers.

use axum::{
    Json,
    http::HeaderName,
    response::{IntoResponse, Response},
};
use fullmakt_access::{AccessDecision, record::RecordedRequest};
use fullmakt_domain::national_number;
use fullmakt_eventlog::AppendError;
use fullmakt_events::{DecisionId, ResourceId};
use fullmakt_http::{InputError, MinPosition, Problem, ProblemType, RequestId};
use fullmakt_pep::{Caller, FULLMAKT_DECISION};
use fullmakt_xacml::{
    Decision, DecisionResult, Evaluation, ExtendedDecision, Limits, Request, RequestDocument,
    RequestError, Status, StatusCode,
};
use uuid::Uuid;

use super::{PdpState, Reach};
use crate::{
    Asked, Generation, LogError,
    explain::{DecisionExplanation, DecisionReason, Explain},
    identify::{self, IdentifyError, Persons},
    render::{XacmlJsonResponse, XacmlJsonResult},
};

/// Who asks, and how.
pub(super) struct Asking {
    /// The caller.
    pub(super) caller: Caller,
    /// Whose resources it may ask about.
    pub(super) reach: Reach,
    /// How it may name persons.
    pub(super) persons: Persons,
    /// The position that it insists on.
    pub(super) min_position: MinPosition,
    /// The request's id.
    pub(super) request_id: RequestId,
    /// What it wants explained.
    pub(super) explain: Explain,
}

/// Decides everything that a document asks for, all on one generation.
pub(super) async fn answer(
    state: &PdpState,
    asking: &Asking,
    body: &str,
) -> Result<Response, Problem> {
    asking.explain.check(&asking.caller)?;
    let generation = state.decisions.at_least(asking.min_position).await?;
    let limits = Limits { decisions: state.batch_max, ..Limits::default() };
    let document = RequestDocument::from_json(body, &limits)
        .and_then(|document| document.into_individual_requests(&limits))
        .map_err(|error| unreadable(&error))?;
    asking.reach.check(&generation, requests(&document))?;
    let mut results = Vec::with_capacity(document.len());
    let mut ids = Vec::with_capacity(document.len());
    for request in document {
        let id = DecisionId::new(Uuid::now_v7());
        ids.push(id);
        let asked = Asked {
            id,
            caller: Some(asking.caller.actor()),
            correlation: Some(asking.request_id.as_str().to_owned()),
        };
        results.push(match request {
            Ok(request) => one(state, &generation, asking, asked, request).await?,
            Err(status) => {
                let (id, reason) = (asked.id, DecisionReason::Reference);
                undecided(state, &generation, asked, RecordedRequest::default(), reason).await?;
                let result = DecisionResult::indeterminate(status);
                let explanation = DecisionExplanation::of(asking.explain, id, reason, None);
                XacmlJsonResult::new(&result, explanation)
            }
        });
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

async fn one(
    state: &PdpState,
    generation: &Generation,
    asking: &Asking,
    asked: Asked,
    request: Request,
) -> Result<XacmlJsonResult, Problem> {
    let (id, explain) = (asked.id, asking.explain);
    let at = state.decisions.now();
    let mut named = request.clone();
    let question =
        identify::question(generation, &state.vault, asking.persons, &mut named, at).await;
    match question {
        Ok(question) => {
            let decided = state
                .decisions
                .decide(generation, asked, &question)
                .await
                .map_err(|error| unlogged(&error))?;
            let reason = DecisionReason::Decided(decided.access.reason);
            let full = explain.full(generation, &question, &decided.access);
            let explanation = DecisionExplanation::of(explain, id, reason, full);
            let result = DecisionResult::new(&request, evaluation(decided.access));
            Ok(XacmlJsonResult::new(&result, explanation))
        }
        Err(IdentifyError::Unidentified(unidentified)) => {
            let reason = DecisionReason::Unidentified(unidentified);
            let resource = identify::resource(&named);
            let recorded = RecordedRequest {
                resource: resource.map(|resource| resource.as_str().to_owned()),
                xacml: named.to_json(),
                ..RecordedRequest::default()
            };
            undecided(state, generation, asked, recorded, reason).await?;
            let status = Status::error(StatusCode::SyntaxError, reason.code());
            let explanation = DecisionExplanation::of(explain, id, reason, None);
            Ok(XacmlJsonResult::new(&DecisionResult::indeterminate(status), explanation))
        }
        Err(IdentifyError::Vault(error)) => Err(Problem::opaque(ProblemType::Unavailable, &error)),
    }
}

/// Logs what cannot be decided.
async fn undecided(
    state: &PdpState,
    generation: &Generation,
    asked: Asked,
    request: RecordedRequest,
    reason: DecisionReason,
) -> Result<(), Problem> {
    let logged = state.decisions.undecided(generation, asked, request, reason.code()).await;
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
    // Says what was read, which may be anything.
    let detail = national_number::mask(&error.to_string());
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

/// A decision that the log did not take is not given.
pub(crate) fn unlogged(error: &LogError) -> Problem {
    match error {
        LogError::Append(error @ AppendError::TooLarge { .. }) => Problem::of(
            ProblemType::TooLarge,
            format!("the request cannot be logged, and so not be decided about: {error}"),
        ),
        LogError::Record(_) | LogError::Append(_) | LogError::Slow => {
            Problem::opaque(ProblemType::Unavailable, error)
        }
    }
}

#[cfg(test)]
mod tests;
