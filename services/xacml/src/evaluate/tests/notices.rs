//! Obligations and advice.

use super::*;

fn obligation(id: &str, on: &str, expression: &str) -> String {
    format!(
        "<ObligationExpressions><ObligationExpression ObligationId=\"{id}\" FulfillOn=\"{on}\">\
         <AttributeAssignmentExpression AttributeId=\"level\" Category=\"k\" Issuer=\"i\">{expression}</AttributeAssignmentExpression>\
         </ObligationExpression></ObligationExpressions>"
    )
}

fn advice(id: &str, on: &str) -> String {
    format!(
        "<AdviceExpressions><AdviceExpression AdviceId=\"{id}\" AppliesTo=\"{on}\"/></AdviceExpressions>"
    )
}

fn names(notices: &[crate::Notice]) -> Vec<&str> {
    notices.iter().map(|notice| notice.id.as_str()).collect()
}

#[test]
fn notices_of_the_rule_and_the_policy_go_with_the_decision() {
    let three = value("integer", "3");
    let rules = rule("Permit", &obligation("rule", "Permit", &three));
    let text = policy(
        "deny-overrides",
        &format!(
            "<Target/>{rules}{}{}{}",
            obligation("policy", "Permit", &three),
            obligation("other", "Deny", &three),
            advice("hint", "Permit")
        ),
    );
    let evaluation = evaluate(&text, &read());
    assert_eq!(names(&evaluation.obligations), ["rule", "policy"]);
    assert_eq!(names(&evaluation.advice), ["hint"]);
    let assignment = &evaluation.obligations[0].assignments[0];
    assert_eq!(assignment.value, Value::integer(3));
    assert_eq!(
        (assignment.category.as_deref(), assignment.issuer.as_deref()),
        (Some("k"), Some("i"))
    );
}

#[test]
fn nothing_goes_with_what_is_not_decided() {
    let text = policy("deny-overrides", &format!("<Target/>{}", advice("hint", "Permit")));
    let evaluation = evaluate(&text, &read());
    assert_eq!((evaluation.decision, evaluation.advice), (Decision::NotApplicable, vec![]));
}

#[test]
fn a_bag_gives_one_assignment_per_value_and_none_if_it_is_empty() {
    let designator = "<AttributeDesignator Category=\"c\" AttributeId=\"a\" MustBePresent=\"false\" DataType=\"http://www.w3.org/2001/XMLSchema#string\"/>";
    let rules = rule("Permit", &obligation("o", "Permit", designator));
    let text = policy("deny-overrides", &format!("<Target/>{rules}"));
    let count = |request| evaluate(&text, &request).obligations[0].assignments.len();
    assert_eq!(count(Request::new()), 0);
    assert_eq!(count(Request::new().with("c", "a", "x").with("c", "a", "y")), 2);
}

#[test]
fn an_obligation_that_cannot_be_computed_makes_the_decision_indeterminate() {
    let zero =
        apply("integer-divide", &format!("{}{}", value("integer", "1"), value("integer", "0")));
    for (on, expected) in [
        ("Permit", ExtendedDecision::IndeterminateP),
        // What goes with another decision is not computed.
        ("Deny", ExtendedDecision::Permit),
    ] {
        let of_rule = rule("Permit", &obligation("o", on, &zero));
        let of_policy = rule("Permit", "") + &obligation("o", on, &zero);
        for content in [of_rule, of_policy] {
            let text = policy("deny-overrides", &format!("<Target/>{content}"));
            let evaluation = evaluate(&text, &read());
            assert_eq!(evaluation.extended, expected, "{text}");
            assert!(evaluation.obligations.is_empty());
        }
    }
}
