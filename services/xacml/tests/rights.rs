//! What a policy tells about itself: its rights, the attributes it asks for, its obligations.

use fullmakt_xacml::{AttributeMatch, Effect, Limits, Mode, PolicyTree, Right, ids};

const POLICY: &str = include_str!("policy.xml");

#[cfg(test)]
mod reading {
    use super::{AttributeMatch, Limits, Mode, POLICY, PolicyTree, Right};

    /// The example policy, with one text in it replaced by another.
    pub fn policy(mode: Mode, original: &str, replacement: &str) -> PolicyTree {
        assert!(POLICY.contains(original));
        let text = POLICY.replace(original, replacement);
        PolicyTree::parse(&text, mode, &Limits::default()).expect("a policy").policy
    }

    fn texts(matches: &[AttributeMatch]) -> String {
        matches.iter().map(|matched| matched.value.to_string()).collect::<Vec<_>>().join("+")
    }

    /// `resource action subject|subject`.
    pub fn described(right: &Right) -> String {
        let subjects: Vec<_> = right.subjects.iter().map(|subject| texts(subject)).collect();
        format!("{} {} {}", texts(&right.resource), texts(&right.action), subjects.join("|"))
    }
}

use reading::{described, policy};

#[test]
fn a_permit_rule_is_flattened_to_its_rights() {
    for mode in [Mode::Strict, Mode::Altinn] {
        let rights = policy(mode, "", "").rights().expect("rights");
        let rights_described: Vec<_> = rights.iter().map(described).collect();
        assert_eq!(rights_described, ["example read dagl|regna", "example write dagl|regna"]);
        assert!(rights.iter().all(|right| right.rule_id == "1" && right.conditional));
        let subject = &rights[0].subjects[0][0];
        assert_eq!(subject.id, "urn:altinn:rolecode");
        assert_eq!(subject.function.to_string(), "string-equal-ignore-case");
    }
}

#[test]
fn a_deny_rule_gives_no_rights() {
    let rights = policy(Mode::Strict, "Effect=\"Permit\"", "Effect=\"Deny\"").rights();
    assert_eq!(rights, Ok(vec![]));
}

#[test]
fn a_rule_without_condition_is_unconditional() {
    let condition =
        "<Condition>\n      <VariableReference VariableId=\"old-enough\"/>\n    </Condition>";
    let rights = policy(Mode::Strict, condition, "").rights().expect("rights");
    assert!(rights.iter().all(|right| !right.conditional));
}

#[test]
fn several_any_ofs_of_one_category_add_up_or_are_alternatives_by_mode() {
    // The two roles in two `AnyOf`s instead of one.
    let (original, split) = (
        "</AllOf>\n        <AllOf>\n          <Match MatchId=\"urn:oasis:names:tc:xacml:3.0",
        "</AllOf></AnyOf><AnyOf><AllOf>\n<Match MatchId=\"urn:oasis:names:tc:xacml:3.0",
    );
    let of = |mode| {
        let rights = policy(mode, original, split).rights().expect("rights");
        described(&rights[0])
    };
    assert_eq!(of(Mode::Strict), "example read dagl+regna");
    assert_eq!(of(Mode::Altinn), "example read dagl|regna");
}

#[test]
fn a_target_that_unfolds_without_bound_is_refused() {
    let any_of = "<AnyOf><AllOf><Match MatchId=\"urn:oasis:names:tc:xacml:1.0:function:string-equal\">\
        <AttributeValue DataType=\"http://www.w3.org/2001/XMLSchema#string\">x</AttributeValue>\
        <AttributeDesignator Category=\"c\" AttributeId=\"a\" MustBePresent=\"false\"\
        DataType=\"http://www.w3.org/2001/XMLSchema#string\"/></Match></AllOf></AnyOf>";
    let any_of = any_of.replace("\"false\"DataType", "\"false\" DataType");
    let two = any_of.replace("</AllOf></AnyOf>", "</AllOf>")
        + &any_of.replace("<AnyOf><AllOf>", "<AllOf>");
    let targets = format!("    <Target>{}\n      <AnyOf>", two.repeat(20));
    let refused = policy(Mode::Strict, "    <Target>\n      <AnyOf>", &targets).rights();
    assert_eq!(refused.map_err(|error| error.rule_id), Err("1".to_owned()));
    assert!(policy(Mode::Altinn, "    <Target>\n      <AnyOf>", &targets).rights().is_ok());
}

#[test]
fn the_attributes_asked_for_come_from_targets_conditions_and_variables() {
    let policy = policy(Mode::Strict, "", "");
    let names: Vec<_> =
        policy.attributes_tested().into_iter().map(|attribute| attribute.id).collect();
    assert_eq!(names, ["age", "urn:altinn:rolecode", ids::ACTION_ID, "urn:altinn:resource"]);
    assert!(policy.tests(ids::ACCESS_SUBJECT, "urn:altinn:rolecode"));
    assert!(!policy.tests(ids::ACCESS_SUBJECT, "urn:altinn:accesspackage"));
    assert!(!policy.tests(ids::RESOURCE, "urn:altinn:rolecode"));
}

#[test]
fn literal_obligations_of_the_policy_can_be_read_on_their_own() {
    let policy = policy(Mode::Strict, "", "");
    let obligations = policy.literal_obligations(Effect::Permit);
    assert_eq!(obligations.len(), 1);
    let assignment = &obligations[0].assignments[0];
    assert_eq!(assignment.category.as_deref(), Some("urn:altinn:minimum-authenticationlevel"));
    assert_eq!(assignment.value.to_string(), "3");
    assert!(policy.literal_obligations(Effect::Deny).is_empty());
}
