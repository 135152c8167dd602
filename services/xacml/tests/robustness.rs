//! Whatever is read, nothing panics; whatever is evaluated, it is evaluated the same again.

use chrono::DateTime;
use fullmakt_xacml::functions::{Evaluated, Function, Operand};
use fullmakt_xacml::model::{
    AllOf, AnyOf, CombiningAlgorithm, Designator, Match, Policy, Rule, Target,
};
use fullmakt_xacml::{
    Bag, DataType, Effect, Evaluator, Limits, Mode, PolicyTree, Request, RequestDocument, Value,
    ids,
};
use proptest::prelude::*;

const POLICY: &str = include_str!("policy.xml");
const REQUEST: &str = include_str!("request.json");

fn now() -> DateTime<chrono::FixedOffset> {
    DateTime::parse_from_rfc3339("2026-01-01T12:00:00+01:00").expect("a time")
}

fn data_type() -> impl Strategy<Value = DataType> {
    prop::sample::select(DataType::ALL.to_vec())
}

/// A text with one place in it replaced by another text.
fn damaged(original: &'static str) -> impl Strategy<Value = String> {
    let places: Vec<usize> = original.char_indices().map(|(at, _)| at).collect();
    let place = prop::sample::select(places);
    let inserted = prop_oneof!["\\PC{0,6}", "[<>/\"'&;={}\\[\\],:]{0,4}"];
    (place.clone(), place, inserted).prop_map(|(one, other, inserted)| {
        let (from, to) = (one.min(other), one.max(other).min(one.min(other) + 40));
        let to = (to..=original.len()).find(|at| original.is_char_boundary(*at)).expect("an end");
        format!("{}{inserted}{}", &original[..from], &original[to..])
    })
}

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![Just(Mode::Strict), Just(Mode::Altinn)]
}

fn matched() -> impl Strategy<Value = Match> {
    let category = prop::sample::select(vec![ids::ACCESS_SUBJECT, ids::RESOURCE, ids::ACTION]);
    (category, "[ab]", "[xy]", any::<bool>()).prop_map(|(category, id, value, must_be_present)| {
        Match {
            function: Function::Equality(DataType::String),
            value: Value::String(value),
            designator: Designator {
                category: category.to_owned(),
                id,
                data_type: DataType::String,
                issuer: None,
                must_be_present,
            },
        }
    })
}

fn target() -> impl Strategy<Value = Target> {
    let all_of = prop::collection::vec(matched(), 1..3).prop_map(|matches| AllOf { matches });
    let any_of = prop::collection::vec(all_of, 1..3).prop_map(|all_of| AnyOf { all_of });
    prop::collection::vec(any_of, 0..3).prop_map(|any_of| Target { any_of })
}

fn rule() -> impl Strategy<Value = Rule> {
    let effect = prop_oneof![Just(Effect::Permit), Just(Effect::Deny)];
    (effect, prop::option::of(target())).prop_map(|(effect, target)| Rule {
        id: "rule".to_owned(),
        description: None,
        effect,
        target,
        condition: None,
        notices: Vec::new(),
    })
}

fn policy() -> impl Strategy<Value = PolicyTree> {
    let algorithm = prop::sample::select(vec![
        CombiningAlgorithm::DenyOverrides,
        CombiningAlgorithm::PermitOverrides,
        CombiningAlgorithm::DenyUnlessPermit,
        CombiningAlgorithm::PermitUnlessDeny,
        CombiningAlgorithm::FirstApplicable,
    ]);
    let rules = prop::collection::vec(rule(), 0..5);
    (algorithm, target(), rules, mode()).prop_map(|(algorithm, target, rules, mode)| {
        PolicyTree::Policy(Policy {
            id: "policy".to_owned(),
            version: "1".parse().expect("a version"),
            description: None,
            mode,
            target,
            algorithm,
            variables: Vec::new(),
            rules,
            notices: Vec::new(),
        })
    })
}

fn request() -> impl Strategy<Value = Request> {
    let category = prop::sample::select(vec![ids::ACCESS_SUBJECT, ids::RESOURCE, ids::ACTION]);
    prop::collection::vec((category, "[ab]", "[xy]"), 0..6).prop_map(|attributes| {
        attributes.into_iter().fold(Request::new(), |request, (category, id, value)| {
            request.with(category, &id, value)
        })
    })
}

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
        use fullmakt_xacml::functions::SetFunction::{Intersection, SetEquals, Subset};
        let itself = apply(SetEquals, &[Operand::Bag(&left), Operand::Bag(&left)]);
        prop_assert_eq!(itself, Evaluated::truth(true));
        let common = apply(Intersection, &[Operand::Bag(&left), Operand::Bag(&right)]);
        let within = apply(Subset, &[common.as_operand(), Operand::Bag(&left)]);
        prop_assert_eq!(within, Evaluated::truth(true));
    }
}
