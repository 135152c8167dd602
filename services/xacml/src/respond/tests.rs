use chrono::DateTime;

use super::*;
use crate::{AttributeSource as _, DataType};
use crate::{
    Decision, Mode, PolicyStore, ReferenceFlaw, SuppliedAttributes, Value, ids, model::Designator,
};
use crate::{Hierarchy, Scope, SourceError};

const NAMESPACE: &str = "xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\"";

fn evaluator() -> Evaluator<'static> {
    Evaluator::new(DateTime::parse_from_rfc3339("2026-08-21T14:30:00Z").expect("a time"))
}

fn parse(text: &str) -> PolicyTree {
    PolicyTree::parse(text, Mode::Strict, &Limits::default()).expect(text).policy
}

/// A policy that permits reading.
fn reading() -> PolicyTree {
    parse(&format!(
        "<Policy {NAMESPACE} PolicyId=\"p\" Version=\"1\" RuleCombiningAlgId=\"urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides\"><Target><AnyOf><AllOf><Match MatchId=\"urn:oasis:names:tc:xacml:1.0:function:string-equal\"><AttributeValue DataType=\"http://www.w3.org/2001/XMLSchema#string\">read</AttributeValue><AttributeDesignator Category=\"{}\" AttributeId=\"{}\" DataType=\"http://www.w3.org/2001/XMLSchema#string\" MustBePresent=\"false\"/></Match></AllOf></AnyOf></Target><Rule RuleId=\"r\" Effect=\"Permit\"/></Policy>",
        ids::ACTION,
        ids::ACTION_ID
    ))
}

fn document(json: &str) -> Result<RequestDocument, RequestError> {
    RequestDocument::from_json(json, &Limits::default())
}

fn decisions(response: &Response) -> Vec<Decision> {
    response.results.iter().map(|result| result.decision).collect()
}

#[test]
fn every_individual_request_has_its_result_and_its_explanation() {
    let action = |id: &str| {
        format!(
            r#"{{"Id":"{id}","Attribute":{{"AttributeId":"{}","Value":"{id}"}}}}"#,
            ids::ACTION_ID
        )
    };
    let json = format!(
        r#"{{"Request":{{"Action":[{},{}],"MultiRequests":{{"RequestReference":[
            {{"ReferenceId":["read"]}},{{"ReferenceId":["nobody"]}},{{"ReferenceId":["write"]}}]}}}}}}"#,
        action("read"),
        action("write")
    );
    let document = document(&json).expect("a document");
    let limits = Limits::default();
    let response = evaluator().respond(&reading(), &document, &limits).expect("a response");
    let expected = [Decision::Permit, Decision::Indeterminate, Decision::NotApplicable];
    assert_eq!(decisions(&response), expected);
    let explained = evaluator().respond_explained(&reading(), &document, &limits);
    let (again, explanations) = explained.expect("a response");
    assert_eq!(again, response);
    // The reference to nobody is nothing that could be evaluated.
    assert_eq!(explanations.len(), 2);
    let few = Limits { decisions: 2, ..limits };
    let refused = evaluator().respond(&reading(), &document, &few);
    assert_eq!(refused, Err(RequestError::TooManyDecisions { limit: 2 }));
}

#[test]
fn a_wrong_value_is_answered_and_what_is_no_request_is_not() {
    let value = r#"{"Request":{"Action":{"Attribute":{"AttributeId":"a","Value":"x","DataType":"integer"}}}}"#;
    let response = document(value).expect_err("a wrong value").response().expect("a response");
    assert_eq!(decisions(&response), [Decision::Indeterminate]);
    assert_eq!(response.results[0].status.code, StatusCode::SyntaxError);
    for json in ["", "[]", "{}", r#"{"Request":{"Action":{"Attribute":{"AttributeId":"a"}}}}"#] {
        assert_eq!(document(json).expect_err(json).response(), None, "{json}");
    }
}

#[test]
fn what_is_supplied_is_found_by_category_identifier_type_and_issuer() {
    let supplied = SuppliedAttributes::from_json(
        r#"[{"Category":"AccessSubject","AttributeId":"a","DataType":"string","Value":["x","y"]},
            {"Category":"AccessSubject","AttributeId":"a","DataType":"integer","Value":[1],"Issuer":"i"}]"#,
        &Limits::default(),
    )
    .expect("attributes");
    let values = |id: &str, data_type, issuer: Option<&str>| {
        let wanted = Designator {
            category: ids::ACCESS_SUBJECT.to_owned(),
            id: id.to_owned(),
            data_type,
            issuer: issuer.map(str::to_owned),
            must_be_present: false,
        };
        supplied.values(&wanted).expect("an answer")
    };
    assert_eq!(values("a", DataType::String, None), [Value::from("x"), Value::from("y")]);
    assert_eq!(values("a", DataType::Integer, None), [Value::integer(1)]);
    assert_eq!(values("a", DataType::String, Some("i")), []);
    assert_eq!(values("b", DataType::String, None), []);
    for (json, message) in [
        ("{}", "`attributes` has the wrong form"),
        (r#"[{"AttributeId":"a","Value":1}]"#, "`Category` is missing"),
        (r#"[{"Category":"c","Value":1}]"#, "`AttributeId` is missing"),
        (r#"[{"Category":"c","AttributeId":"a"}]"#, "`Value` is missing"),
    ] {
        let error = SuppliedAttributes::from_json(json, &Limits::default()).expect_err(json);
        assert_eq!(error.to_string(), message);
    }
    let few = Limits { values: 2, ..Limits::default() };
    let many = r#"[{"Category":"c","AttributeId":"a","Value":["1","2","3"]}]"#;
    assert_eq!(
        SuppliedAttributes::from_json(many, &few),
        Err(RequestError::TooManyValues { limit: 2 })
    );
}

#[test]
fn references_that_lead_nowhere_or_back_are_found_without_evaluating() {
    let set = |id: &str, references: &[&str]| {
        let references: Vec<_> = references
            .iter()
            .map(|to| format!("<PolicySetIdReference>{to}</PolicySetIdReference>"))
            .collect();
        parse(&format!(
            "<PolicySet {NAMESPACE} PolicySetId=\"{id}\" Version=\"1\" PolicyCombiningAlgId=\"urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides\"><Target/>{}</PolicySet>",
            references.concat()
        ))
    };
    let flaws = |sets: &[PolicyTree]| {
        let mut store = PolicyStore::new();
        for set in sets {
            store.insert(set.clone());
        }
        store.reference_flaws()
    };
    let (from, to) = (|id: &str| id.to_owned(), |id: &str| id.to_owned());
    assert_eq!(flaws(&[set("a", &["b", "c"]), set("b", &["c"]), set("c", &[])]), []);
    assert_eq!(
        flaws(&[set("a", &["b", "b"])]),
        vec![ReferenceFlaw::Unresolved { from: from("a"), to: to("b") }; 2]
    );
    assert_eq!(
        flaws(&[set("a", &["b"]), set("b", &["c"]), set("c", &["a"])]),
        [ReferenceFlaw::Circular { from: from("c"), to: to("a") }]
    );
    assert_eq!(
        flaws(&[set("a", &["a"])]),
        [ReferenceFlaw::Circular { from: from("a"), to: to("a") }]
    );
}

#[test]
fn a_response_is_read_as_it_was_written() {
    let document = document(&format!(
        r#"{{"Request":{{"ReturnPolicyIdList":true,"Action":{{"Attribute":[
            {{"AttributeId":"{}","Value":"read","IncludeInResult":true}}]}}}}}}"#,
        ids::ACTION_ID
    ));
    let limits = Limits::default();
    let response = evaluator()
        .respond(&reading(), document.expect("a document"), &limits)
        .expect("a response");
    let read = Response::from_xml(&response.to_xml(), &limits).expect("a response");
    assert_eq!(read, response);
    assert!(read.agrees_with(&response));
    let mut other = read.clone();
    other.results[0].status.message = Some("in other words".to_owned());
    assert!(other.agrees_with(&response));
    other.results[0].decision = Decision::Deny;
    assert!(!other.agrees_with(&response));
    let mut fewer = read;
    fewer.results[0].policies.clear();
    assert!(!fewer.agrees_with(&response));
    for text in [
        format!("<Request {NAMESPACE}/>"),
        format!("<Response {NAMESPACE}><Result/></Response>"),
        format!("<Response {NAMESPACE}><Result><Decision>Perhaps</Decision></Result></Response>"),
        format!("<Response {NAMESPACE}><Nothing/></Response>"),
    ] {
        assert!(Response::from_xml(&text, &limits).is_err(), "{text}");
    }
}

/// The resources below `root` and below its child `a`.
struct Tree;

impl Hierarchy for Tree {
    fn below(&self, resource: &Value, scope: Scope) -> Result<Vec<Value>, SourceError> {
        let below: &[&str] = match (resource.to_string().as_str(), scope) {
            ("root", Scope::Children) => &["a", "b"],
            ("root", Scope::Descendants) => &["a", "a1", "b"],
            ("unknown", _) => return Err(SourceError { reason: "no such resource".to_owned() }),
            _ => &[],
        };
        Ok(below.iter().map(|id| Value::from(*id)).collect())
    }
}

fn scoped(resource: &str, scope: &str) -> RequestDocument {
    let json = format!(
        r#"{{"Request":{{"Resource":{{"Attribute":[{{"AttributeId":"{}","Value":"{resource}","IncludeInResult":true}},
            {{"AttributeId":"{}","Value":"{scope}","IncludeInResult":true}}]}}}}}}"#,
        ids::RESOURCE_ID,
        ids::SCOPE
    );
    document(&json).expect("a document")
}

fn resources(requests: &[Result<Request, Status>]) -> Vec<String> {
    let named = |request: &Request| {
        request.values(ids::RESOURCE, ids::RESOURCE_ID).map(ToString::to_string).collect::<String>()
    };
    requests.iter().flatten().map(named).collect()
}

#[test]
fn a_scope_asks_for_what_is_below_a_resource_too() {
    let limits = Limits::default();
    let asked = |resource, scope| {
        scoped(resource, scope).individual_requests_in(&limits, &Tree).expect("requests")
    };
    assert_eq!(resources(&asked("root", "Children")), ["root", "a", "b"]);
    assert_eq!(resources(&asked("root", "Descendants")), ["root", "a", "a1", "b"]);
    assert_eq!(resources(&asked("root", "Immediate")), ["root"]);
    assert_eq!(resources(&asked("b", "Children")), ["b"]);
    for request in asked("root", "Children").into_iter().flatten() {
        assert_eq!(request.values(ids::RESOURCE, ids::SCOPE).count(), 0);
    }
    let few = Limits { decisions: 2, ..limits };
    let refused = scoped("root", "Children").individual_requests_in(&few, &Tree);
    assert_eq!(refused, Err(RequestError::TooManyDecisions { limit: 2 }));
}

#[test]
fn what_is_below_a_resource_is_never_left_out_silently() {
    let limits = Limits::default();
    let policy = reading();
    let response = |evaluator: Evaluator<'_>, resource| {
        evaluator.respond(&policy, scoped(resource, "Children"), &limits).expect("a response")
    };
    for response in
        [response(evaluator(), "root"), response(evaluator().with_hierarchy(&Tree), "unknown")]
    {
        assert_eq!(decisions(&response), [Decision::Indeterminate]);
        assert_eq!(response.results[0].status.code, StatusCode::ProcessingError);
    }
    let known = response(evaluator().with_hierarchy(&Tree), "root");
    assert_eq!(known.results.len(), 3);
}

fn selecting(path: &str, content: &str) -> Result<Vec<Result<Request, Status>>, RequestError> {
    let value = serde_json::json!({"XPathCategory": ids::RESOURCE, "XPath": path,
        "Namespaces": [{"Prefix": "m", "Namespace": "urn:m"}]});
    let json = serde_json::json!({"Request": {"Resource": {"Content": content, "Attribute": [
        {"AttributeId": ids::MULTIPLE_CONTENT_SELECTOR, "DataType": "xpathExpression", "Value": value}
    ]}}});
    document(&json.to_string())?.individual_requests(&Limits::default())
}

#[test]
fn every_node_of_content_that_is_selected_is_a_request_of_its_own() {
    let content = "<m:r xmlns:m=\"urn:m\"><m:a m:b=\"1\" c=\"2\">x</m:a><o/><m:a>y<!--z--><?p q?></m:a></m:r>";
    for (path, expected) in [
        ("//m:a", vec!["/*[1]/*[1]", "/*[1]/*[3]"]),
        ("/", vec!["/"]),
        (
            "//@*",
            vec![
                "/*[1]/*[1]/@*[local-name()='b' and namespace-uri()=\"urn:m\"]",
                "/*[1]/*[1]/@*[local-name()='c' and namespace-uri()=\"\"]",
            ],
        ),
        (
            "//m:a[2]/node()",
            vec![
                "/*[1]/*[3]/text()[1]",
                "/*[1]/*[3]/comment()[1]",
                "/*[1]/*[3]/processing-instruction()[1]",
            ],
        ),
    ] {
        let requests = selecting(path, content).expect("requests");
        let mut found = Vec::new();
        for request in requests {
            let request = request.expect("a request");
            let values: Vec<_> = request.values(ids::RESOURCE, ids::CONTENT_SELECTOR).collect();
            assert_eq!(values.len(), 1);
            assert_eq!(request.values(ids::RESOURCE, ids::MULTIPLE_CONTENT_SELECTOR).count(), 0);
            found.push(values[0].to_string());
        }
        // A predicate counts among the nodes of its step.
        assert_eq!(found, expected, "{path}");
        for one in found {
            assert_eq!(selecting(&one, content).expect("requests").len(), 1, "{one}");
        }
    }
}

#[test]
fn content_that_nothing_can_be_selected_from_is_a_syntax_error() {
    for (path, content) in
        [("//m:a", "no XML"), ("//m:a", "<r/>"), ("1", "<r/>"), ("//namespace::*", "<r/>")]
    {
        let requests = selecting(path, content).expect("requests");
        let [Err(status)] = requests.as_slice() else { panic!("{path} in {content}") };
        assert_eq!(status.code, StatusCode::SyntaxError);
    }
    let many = format!("<r>{}</r>", "<a/>".repeat(2_000));
    assert_eq!(selecting("//a", &many), Err(RequestError::TooManyDecisions { limit: 1_000 }));
}
