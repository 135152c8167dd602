//! What the laws are tried on.

use chrono::{DateTime, FixedOffset};
use fullmakt_xacml::functions::Function;
use fullmakt_xacml::model::{
    AllOf, AnyOf, CombiningAlgorithm, Designator, Lookup, Match, Policy, Rule, Selector, Target,
};
use fullmakt_xacml::{DataType, Effect, Mode, PolicyTree, Request, Value, XPath, ids};
use proptest::prelude::*;

/// A time.
pub fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-01-01T12:00:00+01:00").expect("a time")
}

/// Any data type.
pub fn data_type() -> impl Strategy<Value = DataType> {
    prop::sample::select(DataType::ALL.to_vec())
}

/// A text with one place in it replaced by another text.
pub fn damaged(original: &'static str) -> impl Strategy<Value = String> {
    let places: Vec<usize> = original.char_indices().map(|(at, _)| at).collect();
    let place = prop::sample::select(places);
    let inserted = prop_oneof!["\\PC{0,6}", "[<>/\"'&;={}\\[\\],:]{0,4}"];
    (place.clone(), place, inserted).prop_map(|(one, other, inserted)| {
        let (from, to) = (one.min(other), one.max(other).min(one.min(other) + 40));
        let to = (to..=original.len()).find(|at| original.is_char_boundary(*at)).expect("an end");
        format!(
            "{}{inserted}{}",
            original.get(..from).expect("a start"),
            original.get(to..).expect("an end")
        )
    })
}

/// Either mode.
pub fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![Just(Mode::Strict), Just(Mode::Altinn)]
}

fn matched() -> impl Strategy<Value = Match> {
    let category = prop::sample::select(vec![ids::ACCESS_SUBJECT, ids::RESOURCE, ids::ACTION]);
    (category, "[ab]", "[xy]", any::<bool>()).prop_map(|(category, id, value, must_be_present)| {
        Match {
            function: Function::Equality(DataType::String),
            value: Value::String(value),
            lookup: Lookup::Designator(Designator {
                category: category.to_owned(),
                id,
                data_type: DataType::String,
                issuer: None,
                must_be_present,
            }),
        }
    })
}

/// A policy that compares what a path selects, and a request with content to select from.
pub fn selecting(path: XPath, content: &str) -> (PolicyTree, Request) {
    let matched = Match {
        function: Function::Equality(DataType::String),
        value: Value::from("x"),
        lookup: Lookup::Selector(Selector {
            category: ids::RESOURCE.to_owned(),
            path,
            data_type: DataType::String,
            context_selector_id: None,
            must_be_present: false,
        }),
    };
    let all_of = vec![AllOf { matches: vec![matched] }];
    let policy = Policy {
        id: "policy".to_owned(),
        version: "1".parse().expect("a version"),
        description: None,
        mode: Mode::Strict,
        target: Target { any_of: vec![AnyOf { all_of }] },
        algorithm: CombiningAlgorithm::DenyOverrides,
        variables: Vec::new(),
        rules: Vec::new(),
        notices: Vec::new(),
    };
    let mut request = Request::new().with(ids::RESOURCE, ids::RESOURCE_ID, "r");
    request.categories[0].content = Some(content.into());
    (PolicyTree::Policy(policy), request)
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

/// A small policy.
pub fn policy() -> impl Strategy<Value = PolicyTree> {
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

/// A small request.
pub fn request() -> impl Strategy<Value = Request> {
    let category = prop::sample::select(vec![ids::ACCESS_SUBJECT, ids::RESOURCE, ids::ACTION]);
    prop::collection::vec((category, "[ab]", "[xy]"), 0..6).prop_map(|attributes| {
        attributes.into_iter().fold(Request::new(), |request, (category, id, value)| {
            request.with(category, &id, value)
        })
    })
}
