use std::fmt::Write as _;

use chrono::DateTime;

use super::*;
use crate::functions::{Function, FunctionError};
use crate::model::Mode;
use crate::source::SourceError;
use crate::{CompiledPolicy, Effect, ExtendedDecision, Limits, StatusCode, Value, ids};

mod altinn;
mod content;
mod explained;
mod higher_order;
mod notices;
mod references;

/// The start tag of an element with the namespace.
const NAMESPACE: &str = "xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\"";

/// A policy by what it consists of.
fn policy(algorithm: &str, content: &str) -> String {
    format!(
        "<Policy {NAMESPACE} PolicyId=\"p\" Version=\"1.0\" RuleCombiningAlgId=\"urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:{algorithm}\">{content}</Policy>"
    )
}

/// A comparison of a string attribute with a literal.
fn matched(category: &str, id: &str, value: &str, must_be_present: bool) -> String {
    format!(
        "<Match MatchId=\"urn:oasis:names:tc:xacml:1.0:function:string-equal\">\
         <AttributeValue DataType=\"http://www.w3.org/2001/XMLSchema#string\">{value}</AttributeValue>\
         <AttributeDesignator Category=\"{category}\" AttributeId=\"{id}\" MustBePresent=\"{must_be_present}\" DataType=\"http://www.w3.org/2001/XMLSchema#string\"/></Match>"
    )
}

/// A target of `AnyOf`s of `AllOf`s of matches.
fn target(any_of: &[&[&[String]]]) -> String {
    let mut target = String::from("<Target>");
    for any_of in any_of {
        target.push_str("<AnyOf>");
        for all_of in *any_of {
            write!(target, "<AllOf>{}</AllOf>", all_of.concat()).expect("text");
        }
        target.push_str("</AnyOf>");
    }
    target + "</Target>"
}

fn rule(effect: &str, content: &str) -> String {
    format!("<Rule RuleId=\"{effect}\" Effect=\"{effect}\">{content}</Rule>")
}

fn apply(function: &str, arguments: &str) -> String {
    format!(
        "<Apply FunctionId=\"urn:oasis:names:tc:xacml:1.0:function:{function}\">{arguments}</Apply>"
    )
}

fn value(data_type: &str, text: &str) -> String {
    format!(
        "<AttributeValue DataType=\"http://www.w3.org/2001/XMLSchema#{data_type}\">{text}</AttributeValue>"
    )
}

/// A condition that cannot be computed.
fn impossible() -> String {
    let division =
        apply("integer-divide", &format!("{}{}", value("integer", "1"), value("integer", "0")));
    format!("<Condition>{}</Condition>", apply("integer-equal", &format!("{division}{division}")))
}

fn parse(text: &str, mode: Mode) -> PolicyTree {
    match PolicyTree::parse(text, mode, &Limits::default()) {
        Ok(parsed) => parsed.policy,
        Err(error) => panic!("{error} in {text}"),
    }
}

fn evaluator() -> Evaluator<'static> {
    let now = DateTime::parse_from_rfc3339("2026-08-21T14:30:00+02:00").expect("a time");
    Evaluator::new(now)
}

fn evaluate(text: &str, request: &Request) -> Evaluation {
    both(evaluator(), &parse(text, Mode::Strict), request)
}

/// What both evaluators find.
fn both(evaluator: Evaluator<'_>, policy: &PolicyTree, request: &Request) -> Evaluation {
    let evaluation = evaluator.evaluate(policy, request);
    let policies = evaluator.policies.cloned().unwrap_or_default();
    let compiled = CompiledPolicy::new(policy.clone(), policies).evaluate(&evaluator, request);
    assert_eq!(compiled, evaluation, "compiled, and by the reference evaluator");
    evaluation
}

fn read() -> Request {
    Request::new().with(ids::ACTION, "a", "read")
}

#[test]
fn a_target_needs_every_any_of_and_one_of_its_all_ofs() {
    let m = |id: &str, value: &str| matched("c", id, value, false);
    let request = Request::new().with("c", "1", "x").with("c", "2", "y");
    for (any_of, expected) in [
        (vec![], Decision::Permit),
        (vec![vec![vec![m("1", "x")]]], Decision::Permit),
        (vec![vec![vec![m("1", "y")]]], Decision::NotApplicable),
        (vec![vec![vec![m("1", "x"), m("2", "y")]]], Decision::Permit),
        (vec![vec![vec![m("1", "x"), m("2", "x")]]], Decision::NotApplicable),
        (vec![vec![vec![m("1", "y")], vec![m("2", "y")]]], Decision::Permit),
        (vec![vec![vec![m("1", "x")]], vec![vec![m("2", "x")]]], Decision::NotApplicable),
    ] {
        let all_ofs: Vec<Vec<&[String]>> =
            any_of.iter().map(|any_of| any_of.iter().map(Vec::as_slice).collect()).collect();
        let any_ofs: Vec<&[&[String]]> = all_ofs.iter().map(Vec::as_slice).collect();
        let text = policy("deny-overrides", &(target(&any_ofs) + &rule("Permit", "")));
        assert_eq!(evaluate(&text, &request).decision, expected, "{text}");
    }
}

#[test]
fn a_missing_attribute_matters_only_if_it_must_be_present_and_nothing_else_decides() {
    let missing = matched("c", "missing", "x", true);
    let absent = matched("c", "missing", "x", false);
    let fits = matched(ids::ACTION, "a", "read", false);
    let differs = matched(ids::ACTION, "a", "write", false);
    for (any_of, expected) in [
        (vec![vec![&absent]], Decision::NotApplicable),
        (vec![vec![&missing]], Decision::Indeterminate),
        (vec![vec![&missing], vec![&fits]], Decision::Permit),
        (vec![vec![&missing], vec![&differs]], Decision::Indeterminate),
        (vec![vec![&missing, &differs]], Decision::NotApplicable),
        (vec![vec![&missing, &fits]], Decision::Indeterminate),
    ] {
        let all_ofs: Vec<Vec<String>> =
            any_of.into_iter().map(|all_of| all_of.into_iter().cloned().collect()).collect();
        let all_ofs: Vec<&[String]> = all_ofs.iter().map(Vec::as_slice).collect();
        let target = target(&[&all_ofs]);
        let text = policy("deny-overrides", &format!("<Target/>{}", rule("Permit", &target)));
        let evaluation = evaluate(&text, &read());
        assert_eq!(evaluation.decision, expected, "{text}");
        let listed = expected == Decision::Indeterminate;
        assert_eq!(!evaluation.status.missing.is_empty(), listed);
        assert_eq!(evaluation.status.code == StatusCode::MissingAttribute, listed);
    }
}

#[test]
fn an_error_in_a_policys_target_makes_its_decision_indeterminate() {
    let broken = target(&[&[&[matched("c", "missing", "x", true)]]]);
    for (content, expected) in [
        (rule("Permit", ""), ExtendedDecision::IndeterminateP),
        (rule("Deny", ""), ExtendedDecision::IndeterminateD),
        (rule("Permit", &impossible()), ExtendedDecision::IndeterminateP),
        (String::new(), ExtendedDecision::NotApplicable),
    ] {
        let text = policy("deny-overrides", &(broken.clone() + &content));
        assert_eq!(evaluate(&text, &read()).extended, expected, "{text}");
    }
}

#[test]
fn an_error_in_a_rule_could_have_been_its_effect_only() {
    for (effect, expected) in
        [("Permit", ExtendedDecision::IndeterminateP), ("Deny", ExtendedDecision::IndeterminateD)]
    {
        let text = policy("deny-overrides", &format!("<Target/>{}", rule(effect, &impossible())));
        let evaluation = evaluate(&text, &read());
        assert_eq!(evaluation.extended, expected);
        assert_eq!(evaluation.decision, Decision::Indeterminate);
        assert_eq!(evaluation.status.code, StatusCode::ProcessingError);
        assert_eq!(evaluation.status.message.as_deref(), Some("division by zero"));
    }
}

#[test]
fn an_error_that_another_rule_overcomes_leaves_no_trace() {
    let rules = rule("Permit", &impossible()) + &rule("Deny", "");
    let evaluation = evaluate(&policy("deny-overrides", &format!("<Target/>{rules}")), &read());
    assert_eq!((evaluation.decision, evaluation.status), (Decision::Deny, Status::ok()));
}

#[test]
fn the_time_is_the_one_given_unless_the_request_brings_its_own() {
    let current = |id: &str, data_type: &str, text: &str| {
        let designator = format!(
            "<AttributeDesignator Category=\"{}\" AttributeId=\"{id}\" MustBePresent=\"true\" DataType=\"http://www.w3.org/2001/XMLSchema#{data_type}\"/>",
            ids::ENVIRONMENT
        );
        let arguments = format!("{}{designator}", value(data_type, text));
        let condition = apply(&format!("{data_type}-is-in"), &arguments);
        policy(
            "deny-overrides",
            &format!("<Target/>{}", rule("Permit", &format!("<Condition>{condition}</Condition>"))),
        )
    };
    for (id, data_type, text) in [
        (ids::CURRENT_TIME, "time", "14:30:00+02:00"),
        (ids::CURRENT_DATE, "date", "2026-08-21+02:00"),
        (ids::CURRENT_DATE_TIME, "dateTime", "2026-08-21T12:30:00Z"),
    ] {
        let found = evaluate(&current(id, data_type, text), &read()).decision;
        assert_eq!(found, Decision::Permit, "{id}");
    }
    let own = Value::parse(crate::DataType::Time, "08:00:00Z").expect("a time");
    let request = read().with(ids::ENVIRONMENT, ids::CURRENT_TIME, own);
    let at = |text: &str| evaluate(&current(ids::CURRENT_TIME, "time", text), &request).decision;
    assert_eq!(at("08:00:00Z"), Decision::Permit);
    assert_eq!(at("14:30:00+02:00"), Decision::NotApplicable);
}

#[test]
fn the_source_is_asked_only_for_what_the_request_does_not_have() {
    let target = target(&[&[&[matched("c", "a", "supplied", true)]]]);
    let policy = parse(&policy("deny-overrides", &(target + &rule("Permit", ""))), Mode::Strict);
    let source = |wanted: &crate::model::Designator| {
        assert_eq!((wanted.category.as_str(), wanted.id.as_str()), ("c", "a"));
        // A value of another type does not count.
        Ok(vec![Value::string("supplied"), Value::integer(1)])
    };
    let evaluator = evaluator().with_source(&source);
    assert_eq!(both(evaluator, &policy, &Request::new()).decision, Decision::Permit);
    let request = Request::new().with("c", "a", "own");
    assert_eq!(both(evaluator, &policy, &request).decision, Decision::NotApplicable);
}

#[test]
fn a_source_that_cannot_answer_makes_the_decision_indeterminate() {
    let target = target(&[&[&[matched("c", "a", "x", false)]]]);
    let policy = parse(&policy("deny-overrides", &(target + &rule("Permit", ""))), Mode::Strict);
    let source =
        |_: &crate::model::Designator| Err(SourceError { reason: "no connection".to_owned() });
    let evaluation = both(evaluator().with_source(&source), &policy, &Request::new());
    assert_eq!(evaluation.extended, ExtendedDecision::IndeterminateP);
    assert_eq!(evaluation.status.code, StatusCode::ProcessingError);
}

#[test]
fn an_issuer_is_compared_only_if_one_is_asked_for() {
    let mut request = Request::new();
    let mut attribute = crate::Attribute::new("a", [Value::string("x")]);
    attribute.issuer = Some("one".to_owned());
    request.add_attribute("c", attribute);
    let any = target(&[&[&[matched("c", "a", "x", false)]]]);
    let with = |target: &str| {
        evaluate(&policy("deny-overrides", &(target.to_owned() + &rule("Permit", ""))), &request)
            .decision
    };
    assert_eq!(with(&any), Decision::Permit);
    let issued = any.replace("AttributeId", "Issuer=\"one\" AttributeId");
    assert_eq!(with(&issued), Decision::Permit);
    assert_eq!(with(&issued.replace("\"one\"", "\"two\"")), Decision::NotApplicable);
}

#[test]
fn an_evaluation_ends_when_its_steps_are_used_up() {
    let rules = rule("Permit", "").replace("RuleId=\"Permit\"", "RuleId=\"1\"")
        + &rule("Permit", "").replace("RuleId=\"Permit\"", "RuleId=\"2\"");
    let tree = parse(&policy("deny-overrides", &format!("<Target/>{rules}")), Mode::Strict);
    let with = |steps| evaluator().with_steps(steps).evaluate(&tree, &read());
    assert_eq!(with(3).decision, Decision::Permit);
    assert_eq!(with(2).decision, Decision::Permit);
    let evaluation = with(1);
    assert_eq!(evaluation.decision, Decision::Indeterminate);
    assert_eq!(evaluation.status.message.as_deref(), Some("the evaluation took too many steps"));
}

#[test]
fn variables_that_double_are_evaluated_once_and_cannot_grow_without_bound() {
    let doubled = |function: &str, first: &str| {
        let mut variables =
            format!("<VariableDefinition VariableId=\"v0\">{first}</VariableDefinition>");
        for at in 1..60 {
            let previous = format!("<VariableReference VariableId=\"v{}\"/>", at - 1);
            let sum = apply(function, &previous.repeat(2));
            write!(
                variables,
                "<VariableDefinition VariableId=\"v{at}\">{sum}</VariableDefinition>"
            )
            .expect("text");
        }
        variables
    };
    let last = "<VariableReference VariableId=\"v59\"/>";
    let with = |variables: String, equal: &str| {
        let condition = apply(equal, &last.repeat(2));
        let rule = rule("Permit", &format!("<Condition>{condition}</Condition>"));
        evaluate(&policy("deny-overrides", &format!("<Target/>{variables}{rule}")), &read())
    };
    let added = with(doubled("integer-add", &value("integer", "1")), "integer-equal");
    assert_eq!(added.decision, Decision::Permit);
    for (function, first, equal) in [
        ("integer-multiply", value("integer", "2"), "integer-equal"),
        ("string-concatenate", value("string", "x"), "string-equal"),
    ] {
        let grown = with(doubled(function, &first), equal);
        assert_eq!(grown.decision, Decision::Indeterminate, "{function}");
        let message = FunctionError::TooLarge.to_string();
        assert_eq!(grown.status.message, Some(message), "{function}");
    }
}

#[test]
fn large_bags_cost_what_they_take() {
    let designator = "<AttributeDesignator Category=\"c\" AttributeId=\"a\" MustBePresent=\"false\" DataType=\"http://www.w3.org/2001/XMLSchema#integer\"/>";
    let condition = apply("integer-set-equals", &designator.repeat(2));
    let rule = rule("Permit", &format!("<Condition>{condition}</Condition>"));
    let text = policy("deny-overrides", &format!("<Target/>{rule}"));
    let with = |count: i64| {
        let mut request = Request::new();
        request.add_values("c", "a", (0..count).map(Value::integer));
        evaluate(&text, &request).decision
    };
    assert_eq!(with(100), Decision::Permit);
    assert_eq!(with(5_000), Decision::Indeterminate);
}

#[test]
fn the_policies_that_applied_are_named_from_the_outside_in() {
    let inner = policy("deny-overrides", &format!("<Target/>{}", rule("Permit", "")));
    let other = policy("deny-overrides", "<Target/>").replace("\"p\"", "\"q\"");
    let set = format!(
        "<PolicySet {NAMESPACE} PolicySetId=\"s\" Version=\"2.0\" PolicyCombiningAlgId=\"urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides\"><Target/>{inner}{other}</PolicySet>"
    );
    assert_eq!(evaluate(&set, &read()).policies, [], "nobody has asked");
    let evaluation = evaluate(&set, &Request { return_policies: true, ..read() });
    let named: Vec<_> = evaluation
        .policies
        .iter()
        .map(|policy| format!("{} {}", policy.id, policy.version))
        .collect();
    assert_eq!(named, ["s 2.0", "p 1.0"]);
}

#[test]
fn functions_without_a_signature_cannot_be_called_directly() {
    let function = Function::from_name("any-of").expect("a function");
    assert_eq!(function.signature(), None);
    assert_eq!(function.apply(&[]), Err(FunctionError::Mismatch));
    assert_eq!(ExtendedDecision::from(Effect::Deny), ExtendedDecision::Deny);
}
