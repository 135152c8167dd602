//! Policy sets, references between policies, and `only-one-applicable`.

use super::*;

fn set(id: &str, algorithm: &str, content: &str) -> String {
    format!(
        "<PolicySet {NAMESPACE} PolicySetId=\"{id}\" Version=\"1.0\" PolicyCombiningAlgId=\"urn:oasis:names:tc:xacml:{algorithm}\"><Target/>{content}</PolicySet>"
    )
}

const ORDERED: &str = "3.0:policy-combining-algorithm:ordered-permit-overrides";
const ONLY_ONE: &str = "1.0:policy-combining-algorithm:only-one-applicable";

/// A policy with a version whose single rule has an effect.
fn versioned(version: &str, effect: &str) -> PolicyTree {
    let text = policy("deny-overrides", &format!("<Target/>{}", rule(effect, "")));
    parse(&text.replace("\"1.0\"", &format!("\"{version}\"")), Mode::Strict)
}

fn with(store: &PolicyStore, text: &str) -> Evaluation {
    both(evaluator().with_policies(store), &parse(text, Mode::Strict), &read())
}

#[test]
fn a_reference_finds_the_latest_version_that_fits() {
    let mut store = PolicyStore::new();
    store.insert(versioned("1.9", "Permit"));
    store.insert(versioned("1.10", "Deny"));
    store.insert(versioned("2.0", "Permit"));
    for (attributes, expected) in [
        ("", Decision::Permit),
        (" Version=\"1.9\"", Decision::Permit),
        (" Version=\"1.*\"", Decision::Deny),
        (" LatestVersion=\"1.+\"", Decision::Deny),
        (" EarliestVersion=\"1.10\" LatestVersion=\"1.99\"", Decision::Deny),
        (" Version=\"3.0\"", Decision::Indeterminate),
    ] {
        let text =
            set("s", ORDERED, &format!("<PolicyIdReference{attributes}>p</PolicyIdReference>"));
        assert_eq!(with(&store, &text).decision, expected, "{attributes}");
    }
}

#[test]
fn a_reference_to_the_other_kind_finds_nothing() {
    let mut store = PolicyStore::new();
    store.insert(versioned("1.0", "Permit"));
    let text = set("s", ORDERED, "<PolicySetIdReference>p</PolicySetIdReference>");
    let evaluation = with(&store, &text);
    assert_eq!(evaluation.extended, ExtendedDecision::IndeterminateDP);
    assert_eq!(evaluation.status.message.as_deref(), Some("no policy `p` fits the reference"));
}

#[test]
fn a_policy_set_that_refers_to_itself_is_indeterminate() {
    let mut store = PolicyStore::new();
    let one = set("one", ORDERED, "<PolicySetIdReference>two</PolicySetIdReference>");
    let two = set("two", ORDERED, "<PolicySetIdReference>one</PolicySetIdReference>");
    store.insert(parse(&one, Mode::Strict));
    store.insert(parse(&two, Mode::Strict));
    let evaluation = with(&store, &one);
    assert_eq!(evaluation.decision, Decision::Indeterminate);
    assert_eq!(evaluation.status.message.as_deref(), Some("policy `one` refers to itself"));
}

#[test]
fn a_long_chain_of_references_is_given_up() {
    let mut store = PolicyStore::new();
    for at in 0..200 {
        let next = format!("<PolicySetIdReference>s{}</PolicySetIdReference>", at + 1);
        store.insert(parse(&set(&format!("s{at}"), ORDERED, &next), Mode::Strict));
    }
    let evaluation =
        with(&store, &set("start", ORDERED, "<PolicySetIdReference>s0</PolicySetIdReference>"));
    assert_eq!(evaluation.status.message.as_deref(), Some("policies are nested too deeply"));
}

#[test]
fn the_deepest_policies_and_expressions_allowed_fit_a_threads_stack() {
    let mut store = PolicyStore::new();
    let mut content = format!(
        "<Target/><VariableDefinition VariableId=\"v0\">{}</VariableDefinition>",
        value("boolean", "true")
    );
    for at in 1..60 {
        let previous = format!("<VariableReference VariableId=\"v{}\"/>", at - 1);
        write!(
            content,
            "<VariableDefinition VariableId=\"v{at}\">{}</VariableDefinition>",
            apply("not", &previous)
        )
        .expect("text");
    }
    let last = apply("not", "<VariableReference VariableId=\"v59\"/>");
    let rule = rule("Permit", &format!("<Condition>{last}</Condition>"));
    store.insert(parse(&policy("deny-overrides", &(content + &rule)), Mode::Strict));
    for at in 0..62 {
        let next = format!("<PolicySetIdReference>s{}</PolicySetIdReference>", at + 1);
        let next =
            if at == 61 { "<PolicyIdReference>p</PolicyIdReference>".to_owned() } else { next };
        store.insert(parse(&set(&format!("s{at}"), ORDERED, &next), Mode::Strict));
    }
    let text = set("start", ORDERED, "<PolicySetIdReference>s0</PolicySetIdReference>");
    let evaluation = with(&store, &text);
    assert_eq!((evaluation.decision, evaluation.status), (Decision::Permit, Status::ok()));
}

#[test]
fn what_is_not_needed_is_not_resolved() {
    let first = policy("deny-overrides", &format!("<Target/>{}", rule("Permit", "")));
    let text = set("s", ORDERED, &(first + "<PolicyIdReference>absent</PolicyIdReference>"));
    assert_eq!(evaluate(&text, &read()).decision, Decision::Permit);
}

#[test]
fn only_one_applicable_wants_exactly_one() {
    let applies = |action: &str, effect: &str| {
        let target = target(&[&[&[matched(ids::ACTION, "a", action, false)]]]);
        policy("deny-overrides", &(target + &rule(effect, "")))
    };
    let broken = policy("deny-overrides", &target(&[&[&[matched("c", "missing", "x", true)]]]));
    for (content, expected) in [
        (applies("read", "Permit") + &applies("write", "Deny"), ExtendedDecision::Permit),
        (applies("write", "Permit") + &applies("write", "Deny"), ExtendedDecision::NotApplicable),
        (applies("read", "Permit") + &applies("read", "Permit"), ExtendedDecision::IndeterminateDP),
        (applies("read", "Permit") + &broken, ExtendedDecision::IndeterminateDP),
    ] {
        let text = set("s", ONLY_ONE, &content);
        assert_eq!(evaluate(&text, &read()).extended, expected, "{text}");
    }
}
