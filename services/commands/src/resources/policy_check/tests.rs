//! Which policies may be published for a resource.

use super::*;

const DEMO: &str = include_str!("../../../../fullmakt/demo/policies/demo-vat-return.xml");
const STRING: &str = "http://www.w3.org/2001/XMLSchema#string";
const ACTION: &str = "urn:oasis:names:tc:xacml:3.0:attribute-category:action";
const ACTION_ID: &str = "urn:oasis:names:tc:xacml:1.0:action:action-id";

fn resource(id: &str) -> ResourceId {
    id.parse().unwrap()
}

fn comparison(function: &str, category: &str, id: &str, value: &str) -> String {
    format!(
        r#"<Match MatchId="urn:oasis:names:tc:xacml:1.0:function:{function}">
             <AttributeValue DataType="{STRING}">{value}</AttributeValue>
             <AttributeDesignator AttributeId="{id}" Category="{category}" DataType="{STRING}" MustBePresent="false"/>
           </Match>"#
    )
}

fn of_resource(value: &str) -> String {
    comparison("string-equal", RESOURCE, RESOURCE_ID, value)
}

fn read() -> String {
    comparison("string-equal", ACTION, ACTION_ID, "read")
}

fn any_of(alternatives: &[&str]) -> String {
    format!("<AnyOf><AllOf>{}</AllOf></AnyOf>", alternatives.join("</AllOf><AllOf>"))
}

fn rule(effect: &str, parts: &[String]) -> String {
    let parts = parts.concat();
    format!(r#"<Rule RuleId="r-{effect}" Effect="{effect}"><Target>{parts}</Target></Rule>"#)
}

fn policy(rules: &[String]) -> String {
    let (namespace, rules) = (fullmakt_xacml::ids::NAMESPACE, rules.concat());
    format!(
        r#"<Policy xmlns="{namespace}" PolicyId="urn:p" Version="1.0" RuleCombiningAlgId="urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides"><Target/>{rules}</Policy>"#
    )
}

/// The check of a policy with one Permit rule whose target has these parts.
fn checked(parts: &[String]) -> Result<(), PolicyCheckError> {
    check(&policy(&[rule("Permit", parts)]), &resource("tax-return"))
}

#[track_caller]
fn not_named(parts: &[String]) {
    assert!(matches!(checked(parts), Err(PolicyCheckError::NotNamed { .. })));
}

#[track_caller]
fn another_named(parts: &[String], named: &str) {
    let Err(PolicyCheckError::AnotherNamed { other, .. }) = checked(parts) else { panic!() };
    assert_eq!(other.as_str(), named);
}

#[test]
fn a_policy_whose_rules_all_name_the_resource_is_accepted() {
    assert_eq!(check(DEMO, &resource("demo-vat-return")), Ok(()));
    // As editors on Windows save it.
    assert_eq!(check(&format!("\u{feff}{DEMO}"), &resource("demo-vat-return")), Ok(()));
    assert_eq!(checked(&[any_of(&[&of_resource("tax-return")]), any_of(&[&read()])]), Ok(()));
    let part = comparison("string-equal", RESOURCE, "urn:altinn:task", "Task_1");
    assert_eq!(checked(&[any_of(&[&(of_resource("tax-return") + &part)])]), Ok(()));
    let ignoring_case = comparison("string-equal-ignore-case", RESOURCE, RESOURCE_ID, "Tax-Return");
    assert_eq!(checked(&[any_of(&[&ignoring_case])]), Ok(()));
}

#[test]
fn a_policy_of_another_resource_is_refused() {
    assert!(matches!(
        check(DEMO, &resource("demo-payroll-report")),
        Err(PolicyCheckError::AnotherNamed { .. })
    ));
}

#[test]
fn a_rule_that_could_apply_to_other_resources_is_refused() {
    not_named(&[]);
    not_named(&[any_of(&[&read()])]);
    // One alternative of the only part that names it does not.
    not_named(&[any_of(&[&of_resource("tax-return"), &read()])]);
    // Neither part names it whatever is asked, although each can.
    let either = any_of(&[&of_resource("tax-return"), &read()]);
    not_named(&[either.clone(), either]);
    // The attribute of another category names nothing.
    not_named(&[any_of(&[&comparison("string-equal", ACTION, RESOURCE_ID, "tax-return")])]);
    // Equality that looks at case does not hold for the identifier.
    another_named(&[any_of(&[&of_resource("Tax-Return")])], "Tax-Return");
    let no_target = r#"<Rule RuleId="all" Effect="Permit"/>"#.to_owned();
    assert!(matches!(
        check(&policy(&[no_target]), &resource("tax-return")),
        Err(PolicyCheckError::NotNamed { .. })
    ));
}

#[test]
fn a_rule_that_also_names_another_resource_is_refused() {
    let (own, other) = (of_resource("tax-return"), of_resource("payroll"));
    another_named(&[any_of(&[&own, &other])], "payroll");
    another_named(&[any_of(&[&own]), any_of(&[&other])], "payroll");
    another_named(&[any_of(&[&(own + &other)])], "payroll");
}

#[test]
fn a_rule_that_denies_is_held_to_the_same() {
    let permit = rule("Permit", &[any_of(&[&of_resource("tax-return")])]);
    let deny = |value| rule("Deny", &[any_of(&[&of_resource(value)])]);
    let checked = |deny| check(&policy(&[permit.clone(), deny]), &resource("tax-return"));
    assert_eq!(checked(deny("tax-return")), Ok(()));
    let error = checked(deny("payroll")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "rule `r-Deny` names `payroll`, and may name no other resource than `tax-return`"
    );
}

#[test]
fn a_comparison_that_holds_for_several_resources_is_refused() {
    for function in ["string-regexp-match", "string-greater-than-or-equal"] {
        let matched = comparison(function, RESOURCE, RESOURCE_ID, "tax-return");
        let Err(PolicyCheckError::NotByEquality { function: named, .. }) =
            checked(&[any_of(&[&matched])])
        else {
            panic!("{function}")
        };
        assert_eq!(named, function);
    }
}

#[test]
fn an_app_is_named_by_its_owner_and_its_name_together() {
    let org = |value| comparison("string-equal", RESOURCE, ORG, value);
    let app = |value| comparison("string-equal", RESOURCE, APP, value);
    let checked = |matches: String| {
        check(&policy(&[rule("Permit", &[any_of(&[&matches])])]), &resource("app_skd_tax-return"))
    };
    assert_eq!(checked(org("skd") + &app("tax-return")), Ok(()));
    assert!(matches!(
        checked(org("nav") + &app("tax-return")),
        Err(PolicyCheckError::AnotherNamed { .. })
    ));
    for alone in [org("skd"), app("tax-return")] {
        assert!(matches!(checked(alone), Err(PolicyCheckError::NotNamed { .. })));
    }
}

#[test]
fn what_is_no_policy_is_refused_with_its_place() {
    let place = |xml: &str| match check(xml, &resource("tax-return")) {
        Err(PolicyCheckError::Unreadable { line, column, .. }) => (line, column),
        other => panic!("{other:?}"),
    };
    assert_eq!(place("<Policy/>"), (1, 1));
    place("");
    place("not XML");
    let (line, column) = place(&DEMO.replacen("function:string-equal\"", "function:no-such\"", 1));
    assert!(line > 10 && column > 1, "{line}, {column}");
}

#[test]
fn a_refusal_quotes_little_and_no_national_identity_number() {
    let long = "x".repeat(10_000);
    for (unknown, is_long) in [(long.as_str(), true), ("12838549045", false)] {
        let matched = comparison(unknown, RESOURCE, RESOURCE_ID, "tax-return");
        let text = checked(&[any_of(&[&matched])]).unwrap_err().to_string();
        assert!(text.starts_with("line 1, column"), "{text}");
        assert!(text.len() < 400 && !text.contains("12838549045"), "{text}");
        assert_eq!(text.contains("xxx"), is_long, "{text}");
    }
}

#[test]
fn a_reference_to_another_policy_is_refused() {
    let own = policy(&[rule("Permit", &[any_of(&[&of_resource("tax-return")])])]);
    let set = |inner: &str| {
        let namespace = fullmakt_xacml::ids::NAMESPACE;
        format!(
            r#"<PolicySet xmlns="{namespace}" PolicySetId="urn:s" Version="1.0" PolicyCombiningAlgId="urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides"><Target/>{inner}</PolicySet>"#
        )
    };
    assert_eq!(check(&set(&own), &resource("tax-return")), Ok(()));
    let referring = set(&format!("{own}<PolicyIdReference>urn:other</PolicyIdReference>"));
    assert_eq!(
        check(&set(&referring), &resource("tax-return")),
        Err(PolicyCheckError::Reference { id: Seen::new("urn:other") })
    );
}
