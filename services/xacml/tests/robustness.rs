//! Whatever is read, nothing panics; whatever is evaluated, it is evaluated the same again.

#[cfg(test)]
mod robustness {
    pub mod strategies;
}

use fullmakt_xacml::functions::SetFunction::{Intersection, SetEquals, Subset};
use fullmakt_xacml::functions::{Evaluated, Function, Operand};
use fullmakt_xacml::{
    Bag, DataType, Evaluator, Limits, Mode, PolicyTree, RequestDocument, Response,
    SuppliedAttributes, Value, XPath,
};
use proptest::prelude::*;
use robustness::strategies::{damaged, data_type, mode, now, policy, request, selecting};

const POLICY: &str = include_str!("policy.xml");
const REQUEST: &str = include_str!("request.json");
const CONTENT: &str =
    "<m:r xmlns:m=\"urn:m\"><m:a b=\"1\">x<!-- y --></m:a><m:a>2</m:a><?p q?></m:r>";
const PATH: &str =
    "//m:a[@b = 1 or position() = last()]/following-sibling::*[string(.) > 1] | /m:r";

#[test]
fn the_undamaged_originals_are_valid() {
    let limits = Limits::default();
    PolicyTree::parse(POLICY, Mode::Strict, &limits).expect("a policy");
    RequestDocument::from_json(REQUEST, &limits).expect("a request");
}

proptest! {
    #[test]
    fn no_text_makes_a_parser_panic(text in "\\PC*") {
        let limits = Limits::default();
        let _ = PolicyTree::parse(&text, Mode::Strict, &limits);
        let _ = RequestDocument::from_xml(&text, &limits);
        let _ = RequestDocument::from_json(&text, &limits);
        let _ = Response::from_xml(&text, &limits);
        let _ = SuppliedAttributes::from_json(&text, &limits);
        let _ = XPath::new(&text, Vec::new());
    }

    #[test]
    fn no_path_makes_a_selection_panic(
        path in prop_oneof![damaged(PATH), "[abx/@*.:|()\\[\\]'=<>!+$0-9 -]{0,20}"],
        content in prop_oneof![Just(CONTENT.to_owned()), damaged(CONTENT)],
    ) {
        if let Ok(path) = XPath::new(&path, vec![("m".to_owned(), "urn:m".to_owned())]) {
            let (policy, request) = selecting(path, &content);
            let _ = Evaluator::new(now()).evaluate(&policy, &request);
        }
    }

    #[test]
    fn explaining_changes_no_answer(policy in policy(), request in request()) {
        let evaluator = Evaluator::new(now());
        let (evaluation, explanation) = evaluator.explain(&policy, &request);
        prop_assert_eq!(&evaluation, &evaluator.evaluate(&policy, &request));
        prop_assert_eq!(explanation.root.map(|root| root.decision), Some(evaluation.extended));
    }

    #[test]
    fn a_request_in_json_asks_for_the_same(request in request()) {
        let again = RequestDocument::from_json(&request.to_json().to_string(), &Limits::default());
        let requests = again.and_then(|again| again.individual_requests(&Limits::default()));
        prop_assert_eq!(requests, Ok(vec![Ok(request)]));
    }

    #[test]
    fn no_damage_makes_a_parser_or_an_evaluation_panic(
        policy in damaged(POLICY),
        request in damaged(REQUEST),
        mode in mode(),
    ) {
        let limits = Limits::default();
        let policy = PolicyTree::parse(&policy, mode, &limits);
        let requests = RequestDocument::from_json(&request, &limits)
            .and_then(|document| document.individual_requests(&limits));
        if let (Ok(parsed), Ok(requests)) = (policy, requests) {
            for request in requests.into_iter().flatten() {
                let _ = Evaluator::new(now()).evaluate(&parsed.policy, &request);
            }
            let _ = parsed.policy.rights();
        }
    }

    #[test]
    fn no_text_makes_a_value_panic(data_type in data_type(), text in "\\PC{0,30}") {
        let _ = Value::parse(data_type, &text);
    }

    #[test]
    fn a_value_is_written_as_it_can_be_read_again(
        data_type in data_type(),
        text in "[-+0-9TZPYMDHS:.a-z@=,]{0,24}",
    ) {
        if let Ok(value) = Value::parse(data_type, &text) {
            let again = Value::parse(data_type, &value.to_string()).expect("the same value");
            prop_assert_eq!(again.to_string(), value.to_string());
        }
    }

    #[test]
    fn no_pattern_makes_a_match_panic(pattern in "[-a-c\\[\\]^\\\\pPiIcCwWsSdD{}0-9()|*+?.$&~L]{0,16}", text in "[a-c]{0,6}") {
        let function = Function::Pattern(DataType::String);
        let (pattern, text) = (Value::String(pattern), Value::String(text));
        let _ = function.apply(&[Operand::Value(&pattern), Operand::Value(&text)]);
    }

    #[test]
    fn the_same_evaluation_gives_the_same_answer(policy in policy(), request in request()) {
        let evaluator = Evaluator::new(now());
        prop_assert_eq!(evaluator.evaluate(&policy, &request), evaluator.evaluate(&policy, &request));
    }

    #[test]
    fn a_set_equals_itself_and_holds_its_intersections(
        left in prop::collection::vec(0_i32..5, 0..6),
        right in prop::collection::vec(0_i32..5, 0..6),
    ) {
        let bag = |numbers: Vec<i32>| Bag::of(DataType::Integer, numbers.into_iter().map(Value::integer));
        let (left, right) = (bag(left), bag(right));
        let apply = |function, operands: &[Operand<'_>]| {
            Function::Set(function, DataType::Integer).apply(operands).expect("a result")
        };
        let itself = apply(SetEquals, &[Operand::Bag(&left), Operand::Bag(&left)]);
        prop_assert_eq!(itself, Evaluated::truth(true));
        let common = apply(Intersection, &[Operand::Bag(&left), Operand::Bag(&right)]);
        let within = apply(Subset, &[common.as_operand(), Operand::Bag(&left)]);
        prop_assert_eq!(within, Evaluated::truth(true));
    }
}
