//! What one party gives another.

use fullmakt_events::{
    PartyId, Right, StreamName, Validity,
    event::{PartyFacts, PartyKind},
};
use fullmakt_xacml::Decision;

use super::{
    deleted::deleted,
    world::{TestRule, World, facts, now, policy},
};
use crate::Reason;

const RESOURCE: &str = "test-resource";
const PACKAGE: &str = "urn:altinn:accesspackage";
const GIVEN: (&[Right], &[&str]) = (&[], &["a-ordning"]);

/// A company, and a person; the resource is read with a package and written by nobody.
fn cast() -> (World, PartyId, PartyId) {
    let mut world = World::new();
    let (company, kari) = (world.organisation(1, "AS"), world.person(2));
    let read = TestRule::permit("read", Some((PACKAGE, "a-ordning")));
    let write = TestRule::permit("write", Some((PACKAGE, "lonn")));
    world.has_policy(RESOURCE, &policy(RESOURCE, &[read, write]));
    (world, company, kari)
}

fn right(action: &str) -> Right {
    Right::to(RESOURCE, Some(action))
}

#[test]
fn a_package_is_had_towards_the_party_that_gives_it_until_it_is_revoked() {
    let (mut world, company, kari) = cast();
    let (firm, other) = (world.organisation(3, "AS"), world.organisation(4, "AS"));
    for receiver in [kari, firm] {
        assert!(!world.permits(receiver, "read", RESOURCE, company));
        world.gives(company, receiver, GIVEN);
        let decided = world.decides(receiver, "read", RESOURCE, company);
        assert_eq!((decided.decision, decided.reason), (Decision::Permit, Reason::PolicyPermits));
        assert_eq!(decided.facts[0].path[0].stream, StreamName::mandate(company, receiver));
        assert!(!world.permits(receiver, "write", RESOURCE, company));
        assert!(!world.permits(receiver, "read", RESOURCE, other));
        assert!(!world.permits(company, "read", RESOURCE, receiver));
        world.revokes(company, receiver, GIVEN);
        assert!(!world.permits(receiver, "read", RESOURCE, company));
    }
}

#[test]
fn who_leads_the_receiver_has_what_it_was_given() {
    let (mut world, company, kari) = cast();
    let (firm, member) = (world.organisation(3, "AS"), world.person(4));
    world.gives(company, firm, GIVEN);
    world.holds(member, "styremedlem", firm);
    assert!(!world.permits(kari, "read", RESOURCE, company));
    world.holds(kari, "daglig-leder", firm);
    let decided = world.decides(kari, "read", RESOURCE, company);
    assert_eq!(decided.decision, Decision::Permit);
    let streams: Vec<_> = decided.facts[0].path.iter().map(|step| step.stream.clone()).collect();
    assert_eq!(streams, [StreamName::mandate(company, firm), StreamName::party(firm)]);
    assert!(!world.permits(member, "read", RESOURCE, company));
    let gone = deleted(&world, firm, PartyKind::Organization);
    assert!(!gone.permits(kari, "read", RESOURCE, company));
    world.no_longer_holds(kari, "daglig-leder", firm);
    assert!(!world.permits(kari, "read", RESOURCE, company));
}

#[test]
fn a_leader_of_a_leader_is_one_step_too_far() {
    let (mut world, company, kari) = cast();
    let (firm, owner) = (world.organisation(3, "KS"), world.organisation(4, "AS"));
    world.gives(company, firm, GIVEN);
    world.holds(owner, "komplementar", firm);
    world.holds(kari, "daglig-leder", owner);
    assert!(world.permits(owner, "read", RESOURCE, company));
    assert!(!world.permits(kari, "read", RESOURCE, company));
}

#[test]
fn what_a_sub_unit_was_given_is_had_by_who_leads_its_main_unit() {
    let (mut world, company, kari) = cast();
    let firm = world.organisation(3, "AS");
    let (sub, other) = (world.sub_unit(4, firm), world.organisation(5, "AS"));
    world.holds(kari, "daglig-leder", firm);
    world.gives(company, sub, GIVEN);
    assert!(world.permits(kari, "read", RESOURCE, company));
    assert!(world.permits(sub, "read", RESOURCE, company));
    // The main unit is not its sub-unit.
    assert!(!world.permits(firm, "read", RESOURCE, company));
    let mut gone = world.clone();
    let unit = |of| facts(PartyKind::SubUnit, Some("BEDR"), Some(of));
    gone.changes(sub, PartyFacts { is_deleted: true, ..unit(firm) });
    assert!(!gone.permits(kari, "read", RESOURCE, company));
    world.changes(sub, unit(other));
    assert!(!world.permits(kari, "read", RESOURCE, company));
}

#[test]
fn what_a_main_unit_gives_counts_for_its_sub_units_and_not_the_other_way() {
    let (mut world, company, kari) = cast();
    let sub = world.sub_unit(3, company);
    world.gives(company, kari, GIVEN);
    assert!(world.permits(kari, "read", RESOURCE, sub));
    world.revokes(company, kari, GIVEN);
    world.gives(sub, kari, GIVEN);
    assert!(world.permits(kari, "read", RESOURCE, sub));
    assert!(!world.permits(kari, "read", RESOURCE, company));
}

#[test]
fn a_single_right_gives_its_action_beside_the_policy() {
    let (mut world, company, kari) = cast();
    world.gives(company, kari, (&[right("read"), Right::to("other", None)], &[]));
    let decided = world.decides(kari, "read", RESOURCE, company);
    assert_eq!((decided.decision, decided.reason), (Decision::Permit, Reason::RightPermits));
    assert_eq!(decided.obligations.len(), 1);
    // The right to another resource is not looked at.
    assert_eq!(decided.facts.len(), 1);
    assert!(!world.permits(kari, "write", RESOURCE, company));
    // All actions that the policy has, and no others.
    world.gives(company, kari, (&[Right::to(RESOURCE, None)], &[]));
    assert!(world.permits(kari, "write", RESOURCE, company));
    assert!(!world.permits(kari, "burn", RESOURCE, company));
    // Each is revoked as it was given.
    world.revokes(company, kari, (&[Right::to(RESOURCE, None)], &[]));
    assert!(world.permits(kari, "read", RESOURCE, company));
    assert!(!world.permits(kari, "write", RESOURCE, company));
}

#[test]
fn a_right_counts_where_the_policy_tests_nothing_that_is_given() {
    let (mut world, company, kari) = cast();
    let rule = TestRule::permit("read", Some(("urn:altinn:org", "skd")));
    world.has_policy(RESOURCE, &policy(RESOURCE, &[rule]));
    world.gives(company, kari, (&[right("read")], &["a-ordning"]));
    assert!(world.permits(kari, "read", RESOURCE, company));
    let deny = TestRule { effect: "Deny", action: "read", subject: None, obligations: None };
    world.has_policy(RESOURCE, &policy(RESOURCE, &[rule, deny]));
    assert!(!world.permits(kari, "read", RESOURCE, company));
}

#[test]
fn what_is_given_counts_in_its_time_which_can_be_moved() {
    let (mut world, company, kari) = cast();
    let at = |seconds| now().plus_seconds(seconds);
    let between = |from, to| Validity { from: Some(at(from)), to: Some(at(to)) };
    let permits =
        |world: &World, seconds| world.permits_at(at(seconds), (kari, "read", RESOURCE), company);
    world.gives_for(between(10, 20), company, kari, GIVEN);
    assert_eq!([9, 10, 19, 20].map(|s| permits(&world, s)), [false, true, true, false]);
    world.moves_mandate(between(15, 30), company, kari, GIVEN);
    assert_eq!([14, 15, 29, 30].map(|s| permits(&world, s)), [false, true, true, false]);
    // What is not given is not given by moving it.
    world.revokes(company, kari, GIVEN);
    world.moves_mandate(Validity::ALWAYS, company, kari, GIVEN);
    assert!(!permits(&world, 20));
}

#[test]
fn asking_and_a_yes_give_nothing_by_themselves() {
    let (mut world, company, kari) = cast();
    world.asks(kari, company, "a-ordning");
    assert!(!world.permits(kari, "read", RESOURCE, company));
}

#[test]
fn who_was_given_something_may_give_it_on_where_parties_may_give_it() {
    let (mut world, company, kari) = cast();
    let may_give = |world: &World| world.may_give_right(kari, RESOURCE, company).actions;
    let all = |read, write| vec![("read".to_owned(), read), ("write".to_owned(), write)];
    assert_eq!(may_give(&world), all(false, false));
    world.gives(company, kari, GIVEN);
    assert_eq!(may_give(&world), all(true, false));
    assert!(world.may_give_package(kari, "a-ordning", company).is_delegable);
    world.gives(company, kari, (&[right("write")], &[]));
    assert_eq!(may_give(&world), all(true, true));
    // No party may give this one directly.
    let accountant = "regnskapsforer-lonn";
    world.gives(company, kari, (&[], &[accountant]));
    assert!(!world.may_give_package(kari, accountant, company).is_delegable);
}

#[test]
fn a_mandate_is_no_role() {
    let (mut world, company, kari) = cast();
    let rule = TestRule::permit("read", Some(("urn:altinn:rolecode", "regna")));
    world.has_policy(RESOURCE, &policy(RESOURCE, &[rule]));
    world.gives(company, kari, GIVEN);
    assert!(!world.permits(kari, "read", RESOURCE, company));
    assert!(!world.represents(kari, company).is_represented);
}
