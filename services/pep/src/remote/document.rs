//! The documents of `authorize`: a request of the XACML 3.0 JSON profile, and its answer.

use serde::Deserialize;
use serde_json::{Value, json};

use super::AnswerError;
use crate::{AccessQuestion, Decision, DecisionPointError, Obligation, PartyRef, Subject};

const ACTION_ID: &str = "urn:oasis:names:tc:xacml:1.0:action:action-id";
const RESOURCE: &str = "urn:altinn:resource";
const SYSTEM_USER: &str = "urn:altinn:systemuser:uuid";
const PARTY_NUMBER: &str = "urn:altinn:partyid";
const PARTY_UUID: &str = "urn:altinn:party:uuid";
const ORG_NUMBER: &str = "urn:altinn:organization:identifier-no";

/// The request for one decision.
pub(super) fn request(question: &AccessQuestion) -> Value {
    let subject = match &question.subject {
        Subject::Person(party) => attribute(PARTY_UUID, party),
        Subject::SystemUser(user) => attribute(SYSTEM_USER, user),
        Subject::Org(org) => attribute(ORG_NUMBER, org),
    };
    let party = match question.party {
        PartyRef::Number(number) => attribute(PARTY_NUMBER, &number),
        PartyRef::Uuid(party) => attribute(PARTY_UUID, &party),
        PartyRef::Org(org) => attribute(ORG_NUMBER, &org),
    };
    let resource = attribute(RESOURCE, &question.resource);
    json!({ "Request": {
        "AccessSubject": [{ "Attribute": [subject] }],
        "Action": [{ "Attribute": [attribute(ACTION_ID, &question.action)] }],
        "Resource": [{ "Attribute": [resource, party] }],
    }})
}

fn attribute(id: &str, value: &impl ToString) -> Value {
    json!({ "AttributeId": id, "Value": value.to_string() })
}

/// The answer to a request for one decision.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) decision: Decision,
    pub(super) obligations: Vec<Obligation>,
}

/// Reads the answer to a request for one decision.
pub(super) fn result(body: &[u8]) -> Result<Answered, AnswerError> {
    let answer: Answer = serde_json::from_slice(body).map_err(AnswerError::Malformed)?;
    let results = answer.response.len();
    let mut all = answer.response.into_iter();
    let (Some(only), None) = (all.next(), all.next()) else {
        return Err(AnswerError::Results(results));
    };
    let obligations = only.obligations.unwrap_or_default().into_iter().flat_map(|obligation| {
        let assignments = obligation.attribute_assignment.iter();
        let assignments = assignments.map(|one| (one.category.as_deref(), one.value.clone()));
        Obligation::read(&obligation.id, assignments)
    });
    Ok(Answered { obligations: obligations.collect(), decision: only.decision })
}

/// What a problem says of why there is no decision, where it is one that is known here.
pub(super) fn no_decision(body: &[u8]) -> Option<DecisionPointError> {
    #[derive(Deserialize)]
    struct Problem {
        r#type: String,
    }

    let problem: Problem = serde_json::from_slice(body).ok()?;
    match problem.r#type.as_str() {
        "/problems/not-fresh" => Some(DecisionPointError::NotFresh),
        "/problems/another-ledger" | "/problems/position-beyond-end" => {
            Some(DecisionPointError::NoSuchPosition)
        }
        _ => None,
    }
}

#[derive(Deserialize)]
struct Answer {
    response: Vec<AnswerResult>,
}

#[derive(Deserialize)]
struct AnswerResult {
    decision: Decision,
    obligations: Option<Vec<AnswerObligation>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnswerObligation {
    id: String,
    #[serde(default)]
    attribute_assignment: Vec<AnswerAssignment>,
}

#[derive(Deserialize)]
struct AnswerAssignment {
    value: String,
    category: Option<String>,
}
