use fullmakt_events::{PartyId, Right, SystemUserId, event::SystemUserKind};
use fullmakt_xacml::Decision;

use super::world::{
    PAYROLL_REPORT, TestRule, VAT_RETURN, World, agreement, party, policy, system_id,
};
use crate::Reason;

const STANDARD: SystemUserKind = SystemUserKind::Standard;

/// A system that declares these, and a system user of a company that was given the same.
fn given(rights: &[Right], packages: &[&str]) -> (World, PartyId, SystemUserId) {
    let mut world = World::new();
    let owner = world.organisation(1, "AS");
    world.system(rights, packages);
    let user = world.system_user(100, STANDARD, owner, (rights, packages));
    (world, owner, user)
}

fn right(resource: &str, action: &str) -> Right {
    Right::to(resource, Some(action))
}

#[test]
fn a_package_is_used_for_the_owner_and_its_sub_units_only() {
    let (mut world, owner, user) = given(&[], &["merverdiavgift"]);
    let (other, kari) = (world.organisation(2, "AS"), world.person(3));
    let (sub, of_other) = (world.sub_unit(4, owner), world.sub_unit(5, other));
    assert!(world.permits(user, "write", VAT_RETURN, owner));
    assert!(world.permits(user, "write", VAT_RETURN, sub));
    for strange in [other, of_other, kari, party(99)] {
        let decided = world.decides(user, "write", VAT_RETURN, strange);
        assert_eq!(decided.decision, Decision::NotApplicable);
        assert!(decided.facts.is_empty());
    }
    assert!(!world.permits(user, "sign", VAT_RETURN, owner));
    assert!(!world.permits(user, "write", PAYROLL_REPORT, owner));
}

#[test]
fn what_a_sub_unit_gave_does_not_reach_its_main_unit() {
    let mut world = World::new();
    let main = world.organisation(1, "AS");
    let sub = world.sub_unit(2, main);
    world.system(&[], &["merverdiavgift"]);
    let user = world.system_user(100, STANDARD, sub, (&[], &["merverdiavgift"]));
    assert!(world.permits(user, "write", VAT_RETURN, sub));
    assert!(!world.permits(user, "write", VAT_RETURN, main));
}

#[test]
fn a_system_user_has_no_roles_and_nothing_of_its_owner() {
    let (mut world, owner, user) = given(&[], &["merverdiavgift"]);
    let (client, kari) = (world.organisation(2, "AS"), world.person(3));
    world.holds(owner, "regnskapsforer", client);
    world.holds(kari, "daglig-leder", owner);
    assert!(world.permits(owner, "write", VAT_RETURN, client));
    assert!(!world.permits(user, "write", VAT_RETURN, client));
    assert!(!world.permits(user, "sign", VAT_RETURN, owner));
}

#[test]
fn a_right_is_as_precise_as_its_action() {
    let (world, owner, user) = given(&[right(VAT_RETURN, "sign")], &[]);
    let decided = world.decides(user, "sign", VAT_RETURN, owner);
    assert_eq!((decided.decision, decided.reason), (Decision::Permit, Reason::RightPermits));
    assert_eq!(decided.status.code.id(), "urn:oasis:names:tc:xacml:1.0:status:ok");
    assert!(!world.permits(user, "read", VAT_RETURN, owner));
    assert!(!world.permits(user, "write", VAT_RETURN, owner));
    assert!(!world.permits(user, "write", PAYROLL_REPORT, owner));
    assert!(!world.permits(user, "sign", PAYROLL_REPORT, owner));
}

#[test]
fn a_right_is_for_the_owner_and_its_sub_units_only() {
    let (mut world, owner, user) = given(&[right(VAT_RETURN, "sign")], &[]);
    let (other, sub) = (world.organisation(2, "AS"), world.sub_unit(3, owner));
    assert!(world.permits(user, "sign", VAT_RETURN, sub));
    assert!(!world.permits(user, "sign", VAT_RETURN, other));
}

#[test]
fn an_action_that_the_policy_does_not_know_is_permitted_to_nobody() {
    let rights = [right(VAT_RETURN, "destroy"), Right::to(VAT_RETURN, None)];
    let (world, owner, user) = given(&rights, &[]);
    assert!(!world.permits(user, "destroy", VAT_RETURN, owner));
    assert!(world.permits(user, "read", VAT_RETURN, owner));
}

#[test]
fn an_action_that_the_policy_only_denies_is_permitted_to_nobody() {
    let (mut world, owner, user) = given(&[right("test-resource", "burn")], &[]);
    let burn = TestRule {
        effect: "Deny",
        action: "burn",
        subject: Some(("urn:altinn:rolecode", "x")),
        obligations: None,
    };
    world.has_policy("test-resource", &policy("test-resource", &[burn]));
    let decided = world.decides(user, "burn", "test-resource", owner);
    assert_eq!(decided.decision, Decision::NotApplicable);
}

#[test]
fn a_deny_of_the_policy_is_stronger_than_a_right() {
    let (mut world, owner, user) = given(&[right("test-resource", "read")], &[]);
    let permit = TestRule::permit("read", Some(("urn:altinn:rolecode", "dagl")));
    world.has_policy("test-resource", &policy("test-resource", &[permit]));
    assert!(world.permits(user, "read", "test-resource", owner));
    let deny = TestRule { effect: "Deny", action: "read", subject: None, obligations: None };
    world.has_policy("test-resource", &policy("test-resource", &[permit, deny]));
    let decided = world.decides(user, "read", "test-resource", owner);
    assert_eq!((decided.decision, decided.reason), (Decision::Deny, Reason::PolicyDenies));
}

#[test]
fn the_obligations_of_policy_and_rule_come_with_a_right() {
    let (mut world, owner, user) = given(&[right("test-resource", "read")], &[]);
    let levels = |world: &World| {
        let decided = world.decides(user, "read", "test-resource", owner);
        assert_eq!(decided.reason, Reason::RightPermits);
        let assignments = decided.obligations.iter().flat_map(|obligation| &obligation.assignments);
        let mut levels: Vec<String> = assignments.map(|one| one.value.to_string()).collect();
        levels.sort();
        levels
    };
    let rule = TestRule::permit("read", Some(("urn:altinn:rolecode", "dagl")));
    world.has_policy("test-resource", &policy("test-resource", &[rule]));
    assert_eq!(levels(&world), ["3"]);

    let four = "<AttributeValue DataType=\"http://www.w3.org/2001/XMLSchema#integer\">4\
                </AttributeValue>";
    let stricter = TestRule { obligations: Some(four), ..rule };
    world.has_policy("test-resource", &policy("test-resource", &[stricter]));
    assert_eq!(levels(&world), ["3", "4"]);

    let other = TestRule { action: "write", ..stricter };
    world.has_policy("test-resource", &policy("test-resource", &[rule, other]));
    assert_eq!(levels(&world), ["3"]);
}

#[test]
fn a_right_is_not_exercised_where_its_obligations_cannot_be_told() {
    let (mut world, owner, user) = given(&[right("test-resource", "read")], &[]);
    let computed = "<AttributeDesignator AttributeId=\"urn:level\" \
        Category=\"urn:oasis:names:tc:xacml:3.0:attribute-category:environment\" \
        DataType=\"http://www.w3.org/2001/XMLSchema#integer\" MustBePresent=\"false\"/>";
    let rule = TestRule {
        obligations: Some(computed),
        ..TestRule::permit("read", Some(("urn:altinn:rolecode", "dagl")))
    };
    world.has_policy("test-resource", &policy("test-resource", &[rule]));
    assert!(!world.permits(user, "read", "test-resource", owner));
}

#[test]
fn nothing_is_left_when_the_system_is_gone() {
    let rights = [right(VAT_RETURN, "sign")];
    let (mut world, owner, user) = given(&rights, &["merverdiavgift"]);
    assert!(world.permits(user, "sign", VAT_RETURN, owner));
    assert!(world.permits(user, "write", VAT_RETURN, owner));
    world.system_is_deleted();
    assert!(!world.permits(user, "sign", VAT_RETURN, owner));
    assert!(!world.permits(user, "write", VAT_RETURN, owner));
}

#[test]
fn only_what_the_system_declares_counts() {
    let mut world = World::new();
    let owner = world.organisation(1, "AS");
    let rights = [right(VAT_RETURN, "sign"), right(PAYROLL_REPORT, "write")];
    world.system(&[right(PAYROLL_REPORT, "write")], &["a-ordning"]);
    let packages: &[&str] = &["merverdiavgift", "a-ordning"];
    let user = world.system_user(100, STANDARD, owner, (&rights, packages));
    assert!(!world.permits(user, "sign", VAT_RETURN, owner));
    assert!(!world.permits(user, "write", VAT_RETURN, owner));
    assert!(world.permits(user, "write", PAYROLL_REPORT, owner));
    assert!(world.permits(user, "read", PAYROLL_REPORT, owner));
}

#[test]
fn a_system_that_was_never_registered_gives_nothing() {
    let mut world = World::new();
    let owner = world.organisation(1, "AS");
    let user = world.system_user(100, STANDARD, owner, (&[], &["merverdiavgift"]));
    assert!(!world.permits(user, "write", VAT_RETURN, owner));
}

#[test]
fn a_deleted_system_user_may_nothing_and_another_of_the_same_owner_still_may() {
    let (mut world, owner, user) = given(&[], &["merverdiavgift"]);
    let other = world.system_user(101, STANDARD, owner, (&[], &["merverdiavgift"]));
    world.system_user_is_deleted(user, party(9));
    assert!(!world.permits(user, "write", VAT_RETURN, owner));
    assert!(world.permits(other, "write", VAT_RETURN, owner));
}

#[test]
fn an_agent_has_nothing_of_its_own() {
    let mut world = World::new();
    let (firm, client) = (world.organisation(1, "AS"), world.organisation(2, "AS"));
    let package = "regnskapsforer-med-signeringsrettighet";
    world.holds(firm, "regnskapsforer", client);
    world.system(&[right(VAT_RETURN, "sign")], &[package]);
    let given: (&[Right], &[&str]) = (&[right(VAT_RETURN, "sign")], &[package]);
    let agent = world.system_user(100, SystemUserKind::Agent, firm, given);
    for party in [firm, client] {
        for action in ["read", "write", "sign"] {
            let decided = world.decides(agent, action, VAT_RETURN, party);
            assert_eq!(decided.decision, Decision::NotApplicable);
            assert!(decided.consulted.contains(&agreement()));
        }
    }
}

#[test]
fn the_chain_is_in_the_explanation() {
    let (world, owner, user) = given(&[], &["merverdiavgift"]);
    let decided = world.decides(user, "write", VAT_RETURN, owner);
    let streams: Vec<_> = decided.facts[0].path.iter().map(|step| step.stream.clone()).collect();
    assert_eq!(streams, [agreement(), fullmakt_events::StreamName::system(&system_id())]);
}
