//! A policy for office hours: the days of the week and the hours of the day, in both evaluators.

use chrono::DateTime;
use fullmakt_xacml::{
    CompiledPolicy, Decision, Evaluator, Limits, Mode, PolicyFlaw, PolicyStore, PolicyTree, Request,
};

const ENVIRONMENT: &str = "urn:oasis:names:tc:xacml:3.0:attribute-category:environment";
const SCHEMA: &str = "http://www.w3.org/2001/XMLSchema#";
const DAY_OF_WEEK: &str = "urn:oasis:names:tc:xacml:3.0:data-type:dayOfWeek";

/// A permit for when a function finds the present between two values.
fn policy(function: &str, present: &str, data_type: &str, [from, to]: [&str; 2]) -> String {
    let value = |text| format!("<AttributeValue DataType=\"{data_type}\">{text}</AttributeValue>");
    format!(
        "<Policy xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" PolicyId=\"p\" Version=\"1.0\" \
         RuleCombiningAlgId=\"urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-unless-permit\"><Target/>\
         <Rule RuleId=\"r\" Effect=\"Permit\"><Condition>\
         <Apply FunctionId=\"urn:oasis:names:tc:xacml:3.0:function:{function}\">\
         <Apply FunctionId=\"urn:oasis:names:tc:xacml:1.0:function:{present}-one-and-only\">\
         <AttributeDesignator Category=\"{ENVIRONMENT}\" MustBePresent=\"true\" DataType=\"{SCHEMA}{present}\" \
         AttributeId=\"urn:oasis:names:tc:xacml:1.0:environment:current-{present}\"/></Apply>\
         {}{}</Apply></Condition></Rule></Policy>",
        value(from),
        value(to),
    )
}

/// What both evaluators decide at a moment; nothing if the policy or the moment is none.
fn decided(policy: &str, now: &str) -> Option<Decision> {
    let tree = PolicyTree::parse(policy, Mode::Strict, &Limits::default()).ok()?.policy;
    let now = DateTime::parse_from_rfc3339(now).ok()?;
    let (evaluator, request) = (Evaluator::new(now), Request::new());
    let evaluation = evaluator.evaluate(&tree, &request);
    let compiled = CompiledPolicy::new(tree, PolicyStore::new());
    assert_eq!(compiled.evaluate(&evaluator, &request), evaluation);
    Some(evaluation.decision)
}

#[test]
fn a_policy_may_hold_on_some_days_of_the_week() {
    let days =
        policy("dateTime-in-dayOfWeek-range", "dateTime", DAY_OF_WEEK, ["1+01:00", "5+01:00"]);
    for (now, expected) in [
        ("2026-01-05T00:00:00+01:00", Decision::Permit),
        ("2026-01-09T23:59:59+01:00", Decision::Permit),
        ("2026-01-10T00:00:00+01:00", Decision::Deny),
        // Still Sunday in UTC, already Monday where the policy holds.
        ("2026-01-04T23:30:00Z", Decision::Permit),
        ("2026-01-04T22:30:00Z", Decision::Deny),
    ] {
        assert_eq!(decided(&days, now), Some(expected), "{now}");
    }
}

#[test]
fn a_policy_may_hold_at_some_hours_of_every_day() {
    let time = format!("{SCHEMA}time");
    let hours =
        policy("time-in-recurring-range", "time", &time, ["09:00:00+10:00", "17:00:00+10:00"]);
    for (now, expected) in [
        ("2026-01-05T18:00:00-07:00", Decision::Permit),
        ("2026-01-05T11:00:00+10:00", Decision::Permit),
        ("2026-01-05T12:00:00-07:00", Decision::Deny),
    ] {
        assert_eq!(decided(&hours, now), Some(expected), "{now}");
    }
}

#[test]
fn what_is_no_day_of_the_week_is_refused_when_the_policy_is_loaded() {
    let text = policy("dateTime-in-dayOfWeek-range", "dateTime", DAY_OF_WEEK, ["1", "8"]);
    let error = PolicyTree::parse(&text, Mode::Strict, &Limits::default()).expect_err("no day");
    assert!(matches!(error.reason, PolicyFlaw::Literal(_)), "{error:?}");
    let error = PolicyTree::parse(
        &text.replace(DAY_OF_WEEK, &format!("{SCHEMA}integer")),
        Mode::Strict,
        &Limits::default(),
    );
    let error = error.expect_err("a number");
    assert!(matches!(error.reason, PolicyFlaw::WrongArgument { .. }), "{error:?}");
}
