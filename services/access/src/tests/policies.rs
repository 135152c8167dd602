use fullmakt_events::StreamName;
use fullmakt_xacml::{Decision, ids::ACCESS_SUBJECT};

use super::world::{TestRule, VAT_RETURN, World, policy, question};
use crate::Reason;

#[test]
fn without_a_policy_nothing_is_decided() {
    let mut world = World::new();
    let (kari, company) = (world.person(1), world.organisation(2, "AS"));
    world.holds(kari, "daglig-leder", company);
    world.has_no_policy(VAT_RETURN);
    let decided = world.decides(kari, "sign", VAT_RETURN, company);
    assert_eq!((decided.decision, decided.reason), (Decision::Indeterminate, Reason::NoPolicy));
    assert!(decided.obligations.is_empty());
    let resource = StreamName::resource(&VAT_RETURN.parse().unwrap());
    assert_eq!(decided.consulted.into_iter().collect::<Vec<_>>(), [resource]);
}

#[test]
fn what_callers_say_of_roles_and_packages_is_not_believed() {
    let mut world = World::new();
    let (kari, company) = (world.person(1), world.organisation(2, "AS"));
    let mut asked = question(kari, "sign", VAT_RETURN, company);
    for (id, value) in [
        ("urn:altinn:external-role:ccr", "daglig-leder"),
        ("urn:altinn:rolecode", "dagl"),
        ("urn:altinn:accesspackage", "merverdiavgift"),
    ] {
        asked.request.add(ACCESS_SUBJECT, id, value);
    }
    assert_eq!(world.asked(&asked).decision, Decision::NotApplicable);
    asked.subject = None;
    assert_eq!(world.asked(&asked).decision, Decision::NotApplicable);
    asked.subject = Some(kari.into());
    world.holds(kari, "daglig-leder", company);
    assert_eq!(world.asked(&asked).decision, Decision::Permit);
}

#[test]
fn what_callers_say_of_other_things_is_believed() {
    let mut world = World::new();
    let (kari, company) = (world.person(1), world.organisation(2, "AS"));
    let rule = TestRule::permit("read", Some(("urn:altinn:org", "skd")));
    world.has_policy("test-resource", &policy("test-resource", &[rule]));
    let mut asked = question(kari, "read", "test-resource", company);
    assert_eq!(world.asked(&asked).decision, Decision::NotApplicable);
    asked.request.add(ACCESS_SUBJECT, "urn:altinn:org", "skd");
    assert_eq!(world.asked(&asked).decision, Decision::Permit);
}

#[test]
fn who_names_no_party_has_no_facts() {
    let mut world = World::new();
    let (kari, company) = (world.person(1), world.organisation(2, "AS"));
    world.holds(kari, "daglig-leder", company);
    let mut asked = question(kari, "sign", VAT_RETURN, company);
    asked.party = None;
    let decided = world.asked(&asked);
    assert_eq!(decided.decision, Decision::NotApplicable);
    assert!(decided.facts.is_empty());
}

#[test]
fn a_policy_that_fails_permits_nothing_and_has_no_obligations() {
    let mut world = World::new();
    let (kari, company) = (world.person(1), world.organisation(2, "AS"));
    let rule = TestRule::permit("read", Some(("urn:altinn:missing", "x")));
    let text = policy("test-resource", &[rule]);
    let text = text.replacen("MustBePresent=\"false\"", "MustBePresent=\"true\"", 1);
    world.has_policy("test-resource", &text);
    let decided = world.decides(kari, "read", "test-resource", company);
    assert_eq!((decided.decision, decided.reason), (Decision::Indeterminate, Reason::PolicyFailed));
    assert!(decided.obligations.is_empty());
}
