use fullmakt_xacml::{
    Decision, Limits, Request, RequestDocument, Status, StatusCode, Value,
    ids::{ACTION_ID, RESOURCE},
};
use serde_json::{Value as Json, json};

use super::*;

fn rendered(result: &DecisionResult) -> Json {
    let response = vec![XacmlJsonResult::new(result, None)];
    serde_json::to_value(XacmlJsonResponse { response }).unwrap()
}

fn level_three() -> Notice {
    let level = Assignment {
        attribute_id: "urn:altinn:obligation1-assignment1".to_owned(),
        category: Some("urn:altinn:minimum-authenticationlevel".to_owned()),
        issuer: None,
        value: Value::from(3),
    };
    Notice { id: "urn:altinn:obligation:authenticationLevel1".to_owned(), assignments: vec![level] }
}

fn request() -> Request {
    let text = json!({"Request": {"Resource": [{"Attribute": [
        {"AttributeId": "urn:altinn:partyid", "Value": "50002", "IncludeInResult": true},
        {"AttributeId": "urn:altinn:resource", "Value": "demo-vat-return"},
    ]}], "Action": [{"Attribute": [{"AttributeId": ACTION_ID, "Value": "read"}]}]}})
    .to_string();
    let limits = Limits::default();
    let document = RequestDocument::from_json(&text, &limits).unwrap();
    let mut requests = document.individual_requests(&limits).unwrap();
    requests.remove(0).unwrap()
}

#[test]
fn a_permit_is_written_as_clients_of_the_wire_contract_read_it() {
    let mut result = DecisionResult::indeterminate(Status::ok());
    result.decision = Decision::Permit;
    result.obligations = vec![level_three()];
    assert_eq!(
        rendered(&result),
        json!({"response": [{
            "decision": "Permit",
            "status": {
                "statusMessage": null,
                "statusDetails": null,
                "statusCode": {
                    "value": "urn:oasis:names:tc:xacml:1.0:status:ok",
                    "statusCode": null,
                },
            },
            "obligations": [{
                "id": "urn:altinn:obligation:authenticationLevel1",
                "attributeAssignment": [{
                    "attributeId": "urn:altinn:obligation1-assignment1",
                    "value": "3",
                    "category": "urn:altinn:minimum-authenticationlevel",
                    "dataType": "http://www.w3.org/2001/XMLSchema#integer",
                    "issuer": null,
                }],
            }],
            "associateAdvice": null,
            "category": null,
            "policyIdentifierList": null,
        }]})
    );
}

#[test]
fn all_decisions_have_their_names_and_no_message_of_ours() {
    for (decision, name) in [
        (Decision::Permit, "Permit"),
        (Decision::Deny, "Deny"),
        (Decision::NotApplicable, "NotApplicable"),
        (Decision::Indeterminate, "Indeterminate"),
    ] {
        let status = Status::error(StatusCode::SyntaxError, "what went wrong inside");
        let mut result = DecisionResult::indeterminate(status);
        result.decision = decision;
        let rendered = rendered(&result);
        assert_eq!(rendered["response"][0]["decision"], name);
        assert_eq!(
            rendered["response"][0]["status"]["statusCode"]["value"],
            "urn:oasis:names:tc:xacml:1.0:status:syntax-error"
        );
        assert!(!rendered.to_string().contains("what went wrong"));
    }
}

#[test]
fn attributes_that_were_asked_back_are_given_back_and_no_others() {
    let mut result = DecisionResult::indeterminate(Status::ok());
    let evaluation = fullmakt_xacml::Evaluation {
        decision: Decision::Permit,
        extended: fullmakt_xacml::ExtendedDecision::Permit,
        status: Status::ok(),
        obligations: Vec::new(),
        advice: Vec::new(),
        policies: Vec::new(),
    };
    result.attributes = DecisionResult::new(&request(), evaluation).attributes;
    assert_eq!(
        rendered(&result)["response"][0]["category"],
        json!([{
            "categoryId": RESOURCE,
            "id": null,
            "content": null,
            "attribute": [{
                "attributeId": "urn:altinn:partyid",
                "value": "50002",
                "issuer": null,
                "dataType": "http://www.w3.org/2001/XMLSchema#string",
                "includeInResult": true,
            }],
        }])
    );
}
