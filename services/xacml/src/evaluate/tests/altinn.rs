//! The mode that reads targets as Altinn's engine does, against the one that follows the standard.

use super::*;

fn decisions(text: &str, request: &Request) -> (Decision, Decision) {
    let decide = |mode| both(evaluator(), &parse(text, mode), request).decision;
    (decide(Mode::Strict), decide(Mode::Altinn))
}

fn example() -> Request {
    Request::new()
        .with(ids::ACCESS_SUBJECT, "role", "dagl")
        .with(ids::RESOURCE, "r", "example")
        .with(ids::ACTION, "a", "read")
}

fn role(value: &str) -> String {
    matched(ids::ACCESS_SUBJECT, "role", value, false)
}

fn action(value: &str) -> String {
    matched(ids::ACTION, "a", value, false)
}

#[test]
fn the_target_of_a_policy_is_ignored() {
    let target = target(&[&[&[matched(ids::RESOURCE, "r", "other", false)]]]);
    let text = policy("deny-overrides", &(target + &rule("Permit", "")));
    assert_eq!(decisions(&text, &example()), (Decision::NotApplicable, Decision::Permit));
}

#[test]
fn any_alternative_of_a_category_is_enough_across_any_ofs() {
    let target = target(&[&[&[role("dagl")]], &[&[role("regna")]], &[&[action("read")]]]);
    let text = policy("deny-overrides", &format!("<Target/>{}", rule("Permit", &target)));
    assert_eq!(decisions(&text, &example()), (Decision::NotApplicable, Decision::Permit));
}

#[test]
fn every_category_still_has_to_match() {
    let target = target(&[&[&[role("dagl")]], &[&[action("write")]]]);
    let text = policy("deny-overrides", &format!("<Target/>{}", rule("Permit", &target)));
    assert_eq!(decisions(&text, &example()), (Decision::NotApplicable, Decision::NotApplicable));
}

#[test]
fn alternatives_of_mixed_categories_are_judged_category_by_category() {
    // Neither alternative holds as a whole, but every category holds in one of them.
    let target = target(&[&[&[role("dagl"), action("write")], &[role("regna"), action("read")]]]);
    let text = policy("deny-overrides", &format!("<Target/>{}", rule("Permit", &target)));
    assert_eq!(decisions(&text, &example()), (Decision::NotApplicable, Decision::Permit));
}

#[test]
fn within_one_alternative_all_matches_of_a_category_have_to_hold() {
    let target = target(&[&[&[role("dagl"), role("regna")]]]);
    let text = policy("deny-overrides", &format!("<Target/>{}", rule("Permit", &target)));
    assert_eq!(decisions(&text, &example()), (Decision::NotApplicable, Decision::NotApplicable));
    let both = example().with(ids::ACCESS_SUBJECT, "role", "regna");
    assert_eq!(decisions(&text, &both), (Decision::Permit, Decision::Permit));
}

#[test]
fn a_resource_attribute_missing_for_any_rule_spoils_the_whole_policy() {
    let missing = target(&[&[&[matched(ids::RESOURCE, "task", "x", true)]]]);
    let rules = rule("Permit", "") + &rule("Deny", &missing);
    let text = policy("permit-overrides", &format!("<Target/>{rules}"));
    assert_eq!(decisions(&text, &example()), (Decision::Permit, Decision::Indeterminate));
    let evaluation = both(evaluator(), &parse(&text, Mode::Altinn), &example());
    assert_eq!(evaluation.status.code, StatusCode::MissingAttribute);
    assert_eq!(evaluation.status.missing[0].id, "task");
}

#[test]
fn a_subject_attribute_missing_for_one_rule_spoils_that_rule_only() {
    let missing = target(&[&[&[matched(ids::ACCESS_SUBJECT, "party", "x", true)]]]);
    let rules = rule("Permit", "") + &rule("Deny", &missing);
    let text = policy("permit-overrides", &format!("<Target/>{rules}"));
    assert_eq!(decisions(&text, &example()), (Decision::Permit, Decision::Permit));
}
