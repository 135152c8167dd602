//! Explanations.

use super::*;
use crate::{
    Explained, ExplainedKind, Explanation, Judgement, Origin, PolicyStore, limits::MAX_EXPLAINED,
};

fn set(algorithm: &str, content: &str) -> String {
    format!(
        "<PolicySet {NAMESPACE} PolicySetId=\"s\" Version=\"2.0\" PolicyCombiningAlgId=\"urn:oasis:names:tc:xacml:{algorithm}\"><Target/>{content}</PolicySet>"
    )
}

fn explain(text: &str, request: &Request) -> (Evaluation, Explanation) {
    evaluator().explain(&parse(text, Mode::Strict), request)
}

fn root(explanation: Explanation) -> Explained {
    explanation.root.expect("a root")
}

/// A policy with a rule for reading, a rule that needs an attribute that is not there, and a rule
/// with a condition.
fn example() -> String {
    let reads = target(&[&[&[matched(ids::ACTION, "a", "read", true)]]]);
    let needs = target(&[&[&[matched("c", "absent", "x", true)]]]);
    let now = format!(
        "<AttributeDesignator Category=\"{}\" AttributeId=\"{}\" MustBePresent=\"false\" DataType=\"http://www.w3.org/2001/XMLSchema#date\"/>",
        ids::ENVIRONMENT,
        ids::CURRENT_DATE
    );
    let condition = apply("date-is-in", &(value("date", "2026-08-21+02:00") + &now));
    let rules = rule("Deny", &needs)
        + &rule("Permit", &(reads + &format!("<Condition>{condition}</Condition>")));
    policy("permit-overrides", &format!("<Target/>{rules}"))
}

#[test]
fn an_explanation_tells_of_all_that_was_evaluated_and_what_by() {
    let (evaluation, explanation) = explain(&example(), &read());
    assert_eq!(evaluation.decision, Decision::Permit);
    assert!(!explanation.is_cut);
    let policy = root(explanation);
    assert_eq!((policy.kind, policy.id.as_str()), (ExplainedKind::Policy, "p"));
    assert_eq!(policy.version.as_deref(), Some("1.0"));
    assert_eq!(
        (policy.decision, &policy.target),
        (ExtendedDecision::Permit, &Some(Judgement::Holds))
    );

    let [denied, permitted] = policy.children.as_slice() else { panic!("two rules") };
    assert_eq!(denied.decision, ExtendedDecision::IndeterminateD);
    assert!(matches!(denied.target, Some(Judgement::Unknown(_))));
    assert_eq!((denied.lookups[0].origin, denied.lookups[0].is_missing), (Origin::Nowhere, true));
    assert_eq!(denied.lookups[0].sought.name, "absent");

    assert_eq!(permitted.condition, Some(Judgement::Holds));
    assert_eq!(permitted.matches[0].by, Some(Value::from("read")));
    let origins: Vec<_> = permitted.lookups.iter().map(|lookup| lookup.origin).collect();
    assert_eq!(origins, [Origin::Request, Origin::Time]);
}

#[test]
fn an_explanation_in_words_is_one_thing_a_line() {
    let (_, explanation) = explain(&example(), &read());
    let text = explanation.to_string();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines,
        [
            "Permit: policy `p` version 1.0",
            "  target holds",
            "  Indeterminate{D}: rule `Deny`",
            "    target cannot be told: attribute `absent` of category `c` is missing",
            "      string-equal of `x` and attribute `absent` of category `c` cannot be told: attribute `absent` of category `c` is missing",
            "    missing: attribute `absent` of category `c`",
            "    error: attribute `absent` of category `c` is missing",
            "  Permit: rule `Permit`",
            "    target holds",
            "      string-equal of `read` and attribute `a` of category `urn:oasis:names:tc:xacml:3.0:attribute-category:action` holds by `read`",
            "    condition holds",
            "    attribute `a` of category `urn:oasis:names:tc:xacml:3.0:attribute-category:action` is `read`, from the request",
            "    attribute `urn:oasis:names:tc:xacml:1.0:environment:current-date` of category `urn:oasis:names:tc:xacml:3.0:attribute-category:environment` is `2026-08-21+02:00`, from the time",
        ]
    );
    let line_break = Request::new().with(ids::ACTION, "a", "read\nDeny: rule `forged`");
    let (_, explanation) = explain(&example(), &line_break);
    assert!(!explanation.to_string().lines().any(|line| line.trim().starts_with("Deny")));
}

#[test]
fn an_explanation_in_json_says_the_same() {
    let (_, explanation) = explain(&example(), &read());
    let json = explanation.to_json();
    let permitted = &json["Evaluated"]["Children"][1];
    assert_eq!(permitted["Decision"], "Permit");
    assert_eq!(permitted["Condition"], true);
    assert_eq!(permitted["Matches"][0]["By"], "read");
    assert_eq!(permitted["Lookups"][0]["Origin"], "request");
    let denied = &json["Evaluated"]["Children"][0];
    assert_eq!(denied["Target"], serde_json::Value::Null);
    assert_eq!(denied["TargetError"], "attribute `absent` of category `c` is missing");
    assert_eq!(denied["Lookups"][0]["IsMissing"], true);
}

#[test]
fn content_that_was_selected_is_told_too() {
    let path = "<AttributeValue DataType=\"urn:oasis:names:tc:xacml:3.0:data-type:xpathExpression\" XPathCategory=\"c\">//b</AttributeValue>";
    let selector = "<AttributeSelector Category=\"c\" DataType=\"http://www.w3.org/2001/XMLSchema#integer\" Path=\"//a\" MustBePresent=\"true\"/>";
    let count = apply("xpath-node-count", path);
    let condition = apply("integer-is-in", &(count + selector));
    let rule = rule("Permit", &format!("<Condition>{condition}</Condition>"));
    let text = policy("deny-overrides", &format!("<Target/>{rule}"));
    let lookups = |content: Option<&str>| {
        let mut request = Request::new().with("c", "x", "y");
        request.categories[0].content = content.map(Into::into);
        let (_, explanation) = explain(&text, &request);
        let rule = root(explanation).children.remove(0);
        let told = |lookup: &crate::ExplainedLookup| {
            let values: Vec<_> = lookup.values.iter().map(ToString::to_string).collect();
            (lookup.sought.name.clone(), values.join(" "), lookup.is_missing)
        };
        rule.lookups.iter().map(told).collect::<Vec<_>>()
    };
    let told =
        |name: &str, values: &str, is_missing| (name.to_owned(), values.to_owned(), is_missing);
    let content = "<r><a>1</a><a>2</a><b>x</b></r>";
    assert_eq!(lookups(Some(content)), [told("//b", "x", false), told("//a", "1 2", false)]);
    assert_eq!(lookups(None), [told("//b", "", false), told("//a", "", true)]);
}

#[test]
fn explaining_changes_nothing_and_is_the_same_every_time() {
    for request in [read(), Request::new(), Request::new().with("c", "absent", "x")] {
        let tree = parse(&example(), Mode::Strict);
        let (evaluation, explanation) = evaluator().explain(&tree, &request);
        assert_eq!(both(evaluator(), &tree, &request), evaluation);
        assert_eq!(evaluator().explain(&tree, &request).1, explanation);
    }
}

#[test]
fn what_was_not_needed_is_not_told() {
    let rules = rule("Permit", "") + &rule("Deny", "");
    let rules = format!("<Target/>{rules}");
    let (_, explanation) = explain(&policy("first-applicable", &rules), &read());
    assert_eq!(root(explanation).children.len(), 1);
    let nowhere = target(&[&[&[matched(ids::ACTION, "a", "write", false)]]]);
    let (_, explanation) = explain(&policy_with(&nowhere), &read());
    let policy = root(explanation);
    assert_eq!(policy.target, Some(Judgement::Fails));
    assert!(policy.children.is_empty());
    assert_eq!(policy.matches[0].judgement, Judgement::Fails);
}

fn policy_with(target: &str) -> String {
    policy("deny-overrides", &format!("{target}{}", rule("Permit", "")))
}

#[test]
fn a_policy_chosen_by_its_target_is_told_once_and_the_others_too() {
    let reads = policy_with(&target(&[&[&[matched(ids::ACTION, "a", "read", false)]]]));
    let writes = policy_with(&target(&[&[&[matched(ids::ACTION, "a", "write", false)]]]));
    let children = format!("{writes}{}", reads.replace("\"p\"", "\"q\""));
    let algorithm = "1.0:policy-combining-algorithm:only-one-applicable";
    let (_, explanation) = explain(&set(algorithm, &children), &read());
    let set = root(explanation);
    assert_eq!(set.kind, ExplainedKind::PolicySet);
    let told: Vec<_> =
        set.children.iter().map(|child| (child.id.as_str(), child.decision)).collect();
    assert_eq!(told, [("p", ExtendedDecision::NotApplicable), ("q", ExtendedDecision::Permit)]);
}

#[test]
fn a_policy_that_is_referred_to_is_told_where_the_reference_is() {
    let mut store = PolicyStore::new();
    store.insert(parse(&policy_with("<Target/>"), Mode::Strict));
    let algorithm = "3.0:policy-combining-algorithm:deny-overrides";
    let tree = parse(&set(algorithm, "<PolicyIdReference>p</PolicyIdReference>"), Mode::Strict);
    let (_, explanation) = evaluator().with_policies(&store).explain(&tree, &read());
    assert_eq!(root(explanation).children[0].id, "p");
    let (_, explanation) = evaluator().explain(&tree, &read());
    assert_eq!(root(explanation).error.as_deref(), Some("no policy `p` fits the reference"));
}

#[test]
fn an_explanation_is_cut_before_it_grows_without_bound() {
    let mut rules = String::new();
    for at in 0..MAX_EXPLAINED {
        write!(rules, "<Rule RuleId=\"{at}\" Effect=\"Permit\"><Target/></Rule>").expect("text");
    }
    let limits = Limits { children: MAX_EXPLAINED * 2, ..Limits::default() };
    let text = policy("permit-unless-deny", &format!("<Target/>{rules}"));
    let tree = PolicyTree::parse(&text, Mode::Strict, &limits).expect("a policy").policy;
    let (evaluation, explanation) = evaluator().explain(&tree, &read());
    assert_eq!(evaluation.decision, Decision::Permit);
    assert!(explanation.is_cut);
    assert!(explanation.to_string().ends_with("… and more than is told\n"));
    assert_eq!(root(explanation).children.len(), MAX_EXPLAINED - 1);
}
