//! What is done with a text, whatever it is: nothing panics, and both evaluators agree.

use chrono::DateTime;
use fullmakt_xacml::{
    CompiledPolicy, DataType, Evaluator, Limits, Mode, PolicyStore, PolicyTree, RequestDocument,
    Response, Value, XPath,
    functions::{Function, Operand},
};

/// Between the policy and the request of an evaluation, and between a pattern or path and the text.
const BETWEEN: &str = "\n====\n";

/// Reads a policy, in both modes.
pub fn policy(text: &str) {
    for mode in [Mode::Strict, Mode::Altinn] {
        if let Ok(loaded) = PolicyTree::parse(text, mode, &limits()) {
            let _ = loaded.policy.rights();
            let _ = CompiledPolicy::new(loaded.policy, PolicyStore::new());
        }
    }
}

/// Reads a request in XML. What can be read is written in JSON, and then always in the same way: an
/// attribute with values of several data types becomes several.
pub fn request_xml(text: &str) {
    let _ = Response::from_xml(text, &limits());
    if let Ok(document) = RequestDocument::from_xml(text, &limits()) {
        let json = document.to_json();
        let again = RequestDocument::from_json(&json.to_string(), &limits());
        assert_eq!(again.map(|again| again.to_json()), Ok(json));
    }
}

/// Reads a request in JSON. What can be read can be read again.
pub fn request_json(text: &str) {
    if let Ok(document) = RequestDocument::from_json(text, &limits()) {
        let json = document.to_json().to_string();
        assert!(RequestDocument::from_json(&json, &limits()).is_ok(), "{json}");
        let _ = document.individual_requests(&limits());
    }
}

/// Matches a text with a regular expression.
pub fn pattern(text: &str) {
    let (pattern, matched) = text.split_once(BETWEEN).unwrap_or((text, "aab"));
    let (pattern, matched) = (Value::string(pattern), Value::string(matched));
    let function = Function::Pattern(DataType::String);
    let _ = function.apply(&[Operand::Value(&pattern), Operand::Value(&matched)]);
}

/// Reads an XPath expression.
pub fn path(text: &str) {
    let _ = XPath::new(text, vec![("m".to_owned(), "urn:m".to_owned())]);
}

/// Evaluates a policy in XML for a request in JSON, with both evaluators.
pub fn evaluation(text: &str) {
    let Some((policy, request)) = text.split_once(BETWEEN) else { return };
    let Ok(loaded) = PolicyTree::parse(policy, Mode::Strict, &limits()) else { return };
    let requests = RequestDocument::from_json(request, &limits())
        .and_then(|document| document.into_individual_requests(&limits()));
    let Ok(requests) = requests else { return };
    let now = DateTime::parse_from_rfc3339("2026-01-01T12:00:00Z").unwrap_or_default();
    let evaluator = Evaluator::new(now);
    let compiled = CompiledPolicy::new(loaded.policy.clone(), PolicyStore::new());
    for request in requests.into_iter().flatten() {
        let reference = evaluator.evaluate(&loaded.policy, &request);
        assert_eq!(compiled.evaluate(&evaluator, &request), reference);
        assert_eq!(evaluator.explain(&loaded.policy, &request).0, reference);
    }
}

/// Few, so that a search comes far: what the limits are for is tested elsewhere.
fn limits() -> Limits {
    Limits { bytes: 1 << 16, decisions: 8, ..Limits::default() }
}
