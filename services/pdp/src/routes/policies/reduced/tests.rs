use fullmakt_xacml::{Limits, Mode};
use serde_json::{Value, json};

use super::*;

const STRING_EQUAL: &str = "urn:oasis:names:tc:xacml:1.0:function:string-equal";
const STRING: &str = "http://www.w3.org/2001/XMLSchema#string";
const ACTION_ID: &str = "urn:oasis:names:tc:xacml:1.0:action:action-id";

type Matches<'a> = &'a [(&'a str, &'a str, &'a str)];

/// A part of a target: alternatives, each of category, attribute and value.
fn any_of(alternatives: &[Matches<'_>]) -> String {
    let matches = |(category, id, value): &(&str, &str, &str)| {
        format!(
            "<Match MatchId=\"{STRING_EQUAL}\"><AttributeValue DataType=\"{STRING}\">{value}\
             </AttributeValue><AttributeDesignator AttributeId=\"{id}\" Category=\"{category}\" \
             DataType=\"{STRING}\" MustBePresent=\"false\"/></Match>"
        )
    };
    let all_of = |alternative: &Matches<'_>| {
        format!("<AllOf>{}</AllOf>", alternative.iter().map(matches).collect::<String>())
    };
    format!("<AnyOf>{}</AnyOf>", alternatives.iter().map(all_of).collect::<String>())
}

fn rule(effect: &str, subjects: &[(&str, &str)], tasks: &[&str], actions: &[&str]) -> String {
    let subjects: Vec<_> =
        subjects.iter().map(|(id, code)| [(ACCESS_SUBJECT, *id, *code)]).collect();
    let actions: Vec<_> = actions.iter().map(|action| [(ACTION, ACTION_ID, *action)]).collect();
    let resources: Vec<_> = tasks
        .iter()
        .map(|task| {
            let app = [(RESOURCE, "urn:altinn:org", "skd"), (RESOURCE, "urn:altinn:app", "tax")];
            [app[0], app[1], (RESOURCE, "urn:altinn:task", *task)]
        })
        .collect();
    let of = |parts: Vec<&[(&str, &str, &str)]>| any_of(&parts);
    let target = [
        of(subjects.iter().map(|part| &part[..]).collect()),
        of(resources.iter().map(|part| &part[..]).collect()),
        of(actions.iter().map(|part| &part[..]).collect()),
    ]
    .concat();
    format!(
        "<Rule RuleId=\"r{}\" Effect=\"{effect}\"><Target>{target}</Target></Rule>",
        target.len()
    )
}

fn policy(rules: &[String], level: Option<&str>) -> PolicyTree {
    let obligation = level.map_or(String::new(), |level| {
        format!(
            "<ObligationExpressions><ObligationExpression ObligationId=\"o\" FulfillOn=\"Permit\">\
             <AttributeAssignmentExpression AttributeId=\"a\" \
             Category=\"urn:altinn:minimum-authenticationlevel\"><AttributeValue \
             DataType=\"http://www.w3.org/2001/XMLSchema#integer\">{level}</AttributeValue>\
             </AttributeAssignmentExpression></ObligationExpression></ObligationExpressions>"
        )
    });
    let text = format!(
        "<Policy xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" PolicyId=\"p\" \
         Version=\"1.0\" RuleCombiningAlgId=\"urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides\">\
         <Description>Tax</Description><Target/>{}{obligation}</Policy>",
        rules.concat()
    );
    PolicyTree::parse(&text, Mode::Strict, &Limits::default()).unwrap().policy
}

const DAGL: (&str, &str) = (ROLE_CODE, "DAGL");
const REGNA: (&str, &str) = (ROLE_CODE, "REGNA");
const PACKAGE: (&str, &str) = ("urn:altinn:accesspackage", "merverdiavgift");

fn action(name: &str, roles: &[&str]) -> Value {
    let grants = roles.iter().map(|role| json!({"roleTypeCode": role, "isDelegable": true}));
    json!({"match": {"id": ACTION_ID, "value": name}, "title": name, "description": null,
        "roleGrants": grants.collect::<Vec<_>>()})
}

#[test]
fn the_roles_of_permit_rules_are_listed_each_once() {
    let rules = [
        rule("Permit", &[REGNA, DAGL], &["fill"], &["read"]),
        rule("Permit", &[DAGL, PACKAGE], &["sign"], &["sign"]),
        rule("Deny", &[(ROLE_CODE, "PRIV")], &["sign"], &["sign"]),
    ];
    assert_eq!(roles_with_access(&policy(&rules, None)), ["REGNA", "DAGL"]);
}

#[test]
fn actions_of_several_rules_for_one_resource_come_together() {
    let rules = [
        rule("Permit", &[REGNA, DAGL], &["fill", "sign"], &["read", "write"]),
        rule("Permit", &[DAGL, (ROLE_CODE, "PRIV")], &["sign"], &["read", "sign"]),
    ];
    let of = |task: &str| {
        json!([{"id": "urn:altinn:org", "value": "skd"}, {"id": "urn:altinn:app", "value": "tax"},
            {"id": "urn:altinn:task", "value": task}])
    };
    let both = ["REGNA", "DAGL"];
    let expected = json!([
        {"description": "Tax", "title": "skd/tax/fill", "resource": of("fill"),
            "actions": [action("read", &both), action("write", &both)]},
        {"description": "Tax", "title": "skd/tax/sign", "resource": of("sign"),
            "actions": [action("read", &["REGNA", "DAGL", "PRIV"]), action("write", &both),
                action("sign", &["DAGL", "PRIV"])]},
    ]);
    let shown = resource_policies(&policy(&rules, None));
    assert_eq!(serde_json::to_value(shown).unwrap(), expected);
}

#[test]
fn rules_that_deny_or_name_no_role_are_left_out() {
    let rules = [
        rule("Deny", &[DAGL], &["fill"], &["read"]),
        rule("Permit", &[PACKAGE], &["fill"], &["read"]),
    ];
    assert_eq!(resource_policies(&policy(&rules, None)), []);
}

#[test]
fn the_level_is_that_of_the_policys_obligation() {
    let rules = [rule("Permit", &[DAGL], &["fill"], &["read"])];
    assert_eq!(minimum_level(&policy(&rules, Some("3"))), 3);
    assert_eq!(minimum_level(&policy(&rules, None)), 0);
}
