use serde_json::json;

use super::*;
use crate::request::Attribute;
use crate::{Limits, ids};

fn full() -> Response {
    let mut attribute = Attribute::new("a", [Value::string("<&\">"), Value::string("y")]);
    attribute.include_in_result = true;
    let assignment = Assignment {
        attribute_id: "level".to_owned(),
        category: Some("k".to_owned()),
        issuer: None,
        value: Value::integer(3),
    };
    let result = DecisionResult {
        decision: Decision::Permit,
        status: Status::ok(),
        obligations: vec![Notice { id: "o".to_owned(), assignments: vec![assignment] }],
        advice: vec![Notice { id: "h".to_owned(), assignments: Vec::new() }],
        attributes: vec![AttributeCategory {
            category: ids::ACTION.to_owned(),
            id: Some("a1".to_owned()),
            content: None,
            attributes: vec![attribute],
        }],
        policies: vec![PolicyIdentifier {
            kind: ReferenceKind::Policy,
            id: "p".to_owned(),
            version: "1.0".to_owned(),
        }],
    };
    Response { results: vec![result] }
}

fn missing() -> Response {
    let mut status = Status::error(StatusCode::MissingAttribute, "attribute `a` is missing");
    status.missing.push(MissingAttribute {
        category: "c".to_owned(),
        id: "a".to_owned(),
        data_type: DataType::String,
        issuer: None,
    });
    Response { results: vec![DecisionResult::indeterminate(status)] }
}

#[test]
fn a_response_in_json_has_the_names_of_the_profile() {
    assert_eq!(
        full().to_json(),
        json!({"Response": [{
            "Decision": "Permit",
            "Status": {"StatusCode": {"Value": "urn:oasis:names:tc:xacml:1.0:status:ok"}},
            "Obligations": [{"Id": "o", "AttributeAssignment": [{
                "AttributeId": "level", "Category": "k", "Value": 3,
                "DataType": "http://www.w3.org/2001/XMLSchema#integer",
            }]}],
            "AssociatedAdvice": [{"Id": "h"}],
            "Category": [{"CategoryId": ids::ACTION, "Id": "a1", "Attribute": [{
                "AttributeId": "a", "Value": ["<&\">", "y"], "IncludeInResult": true,
                "DataType": "http://www.w3.org/2001/XMLSchema#string",
            }]}],
            "PolicyIdentifierList": {"PolicyIdReference": [{"Id": "p", "Version": "1.0"}]},
        }]})
    );
    assert_eq!(
        missing().to_json(),
        json!({"Response": [{
            "Decision": "Indeterminate",
            "Status": {
                "StatusMessage": "attribute `a` is missing",
                "StatusCode": {"Value": "urn:oasis:names:tc:xacml:1.0:status:missing-attribute"},
                "StatusDetail": {"MissingAttributeDetail": [{
                    "Category": "c", "AttributeId": "a",
                    "DataType": "http://www.w3.org/2001/XMLSchema#string",
                }]},
            },
        }]})
    );
}

#[test]
fn a_response_in_xml_is_well_formed_and_escaped() {
    let xml = full().to_xml();
    let document = roxmltree::Document::parse(&xml).expect("well-formed XML");
    let texts: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name((ids::NAMESPACE, "AttributeValue")))
        .filter_map(|node| node.text())
        .collect();
    assert_eq!(texts, ["<&\">", "y"]);
    assert!(xml.contains("<PolicyIdReference Version=\"1.0\">p</PolicyIdReference>"));
    let xml = missing().to_xml();
    assert!(xml.contains("<MissingAttributeDetail Category=\"c\" AttributeId=\"a\""), "{xml}");
    assert!(roxmltree::Document::parse(&xml).is_ok());
}

#[test]
fn values_xml_cannot_carry_do_not_break_the_document() {
    let mut response = full();
    response.results[0].obligations[0].id = "\u{0}\u{1b}\r\n".to_owned();
    let xml = response.to_xml();
    let document = roxmltree::Document::parse(&xml).expect("well-formed XML");
    let obligation = document
        .descendants()
        .find(|node| node.has_tag_name((ids::NAMESPACE, "Obligation")))
        .expect("an obligation");
    assert_eq!(obligation.attribute("ObligationId"), Some("\u{fffd}\u{fffd}\r\n"));
}

#[test]
fn numbers_json_cannot_carry_are_written_as_text() {
    let mut response = full();
    let large = "123456789012345678901234567890";
    let assignments = &mut response.results[0].obligations[0].assignments;
    assignments[0].value = Value::parse(DataType::Integer, large).expect("an integer");
    let json = response.to_json();
    let shown = &json["Response"][0]["Obligations"][0]["AttributeAssignment"][0]["Value"];
    assert_eq!(*shown, json!(large));
}

#[test]
fn decisions_are_combined_only_if_they_agree_and_bring_nothing_along() {
    let combined_document =
        RequestDocument::from_json(r#"{"Request":{"CombinedDecision":true}}"#, &Limits::default())
            .expect("a document");
    let plain =
        |decision| DecisionResult { decision, ..DecisionResult::indeterminate(Status::ok()) };
    let decide = |results| {
        let response = Response::to(&combined_document, results);
        assert_eq!(response.results.len(), 1);
        (response.results[0].decision, response.results[0].status.code)
    };
    let permit = || plain(Decision::Permit);
    assert_eq!(decide(vec![permit(), permit()]), (Decision::Permit, StatusCode::Ok));
    let refused = (Decision::Indeterminate, StatusCode::ProcessingError);
    assert_eq!(decide(vec![permit(), plain(Decision::Deny)]), refused);
    let mut bound = permit();
    bound.advice.push(Notice { id: "h".to_owned(), assignments: Vec::new() });
    assert_eq!(decide(vec![permit(), bound]), refused);

    let results = vec![permit(), plain(Decision::Deny)];
    let separate = Response::to(&RequestDocument::default(), results);
    assert_eq!(separate.results.len(), 2);
}

#[test]
fn a_result_repeats_what_was_asked_for_and_nothing_else() {
    let mut request = Request::new().with(ids::RESOURCE, "hidden", "x");
    let mut attribute = Attribute::new("shown", [Value::string("y")]);
    attribute.include_in_result = true;
    request.add_attribute(ids::RESOURCE, attribute);
    let policies = vec![PolicyIdentifier {
        kind: ReferenceKind::Policy,
        id: "p".to_owned(),
        version: "1".to_owned(),
    }];
    let evaluation = Evaluation {
        decision: Decision::Permit,
        extended: ExtendedDecision::Permit,
        status: Status::ok(),
        obligations: Vec::new(),
        advice: Vec::new(),
        policies,
    };
    let result = DecisionResult::new(&request, evaluation.clone());
    assert!(result.policies.is_empty());
    assert_eq!(result.attributes.len(), 1);
    let ids: Vec<_> = result.attributes[0].attributes.iter().map(|found| &found.id).collect();
    assert_eq!(ids, ["shown"]);
    request.return_policies = true;
    assert_eq!(DecisionResult::new(&request, evaluation).policies.len(), 1);
}

#[test]
fn an_xpath_expression_is_written_with_its_category_and_namespaces() {
    let path = crate::XPath::new("//m:a", vec![("m".to_owned(), "urn:m".to_owned())]);
    let expression =
        crate::XPathExpression { category: "c".to_owned(), path: path.expect("a path") };
    let mut response = full();
    response.results[0].obligations[0].assignments[0].value = expression.into();
    let xml = response.to_xml();
    let document = roxmltree::Document::parse(&xml).expect("well-formed XML");
    let assignment = document
        .descendants()
        .find(|node| node.has_tag_name((ids::NAMESPACE, "AttributeAssignment")))
        .expect("an assignment");
    assert_eq!(assignment.attribute("XPathCategory"), Some("c"));
    assert_eq!(assignment.text(), Some("//m:a"));
    assert_eq!(assignment.lookup_namespace_uri(Some("m")), Some("urn:m"));
    let json = response.to_json();
    assert_eq!(
        json["Response"][0]["Obligations"][0]["AttributeAssignment"][0]["Value"],
        json!({"XPathCategory": "c", "XPath": "//m:a",
            "Namespaces": [{"Prefix": "m", "Namespace": "urn:m"}]})
    );
}

#[test]
fn a_policy_that_applied_twice_is_named_once_and_only_if_asked_for() {
    let policy = |id: &str| PolicyIdentifier {
        kind: ReferenceKind::Policy,
        id: id.to_owned(),
        version: "1".to_owned(),
    };
    let evaluation = Evaluation {
        decision: Decision::Permit,
        extended: ExtendedDecision::Permit,
        status: Status::ok(),
        obligations: Vec::new(),
        advice: Vec::new(),
        policies: vec![policy("a"), policy("b"), policy("a")],
    };
    let mut request = Request::new();
    assert_eq!(DecisionResult::new(&request, evaluation.clone()).policies, []);
    request.return_policies = true;
    assert_eq!(DecisionResult::new(&request, evaluation).policies, [policy("a"), policy("b")]);
}
