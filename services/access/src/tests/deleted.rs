//! Issue 4: to and for a party that the register has deleted nothing is permitted.

use fullmakt_events::{PartyId, Right, StreamName, event::PartyKind, event::SystemUserKind};
use fullmakt_xacml::Decision;

use super::world::{TestRule, VAT_RETURN, World, agreement, facts, policy, question};
use crate::{Reason, Subject};

/// A policy that lets everybody read.
const OPEN: &str = "test-resource";

/// Kari leads a company; its accountant is a firm, and it has a system user.
struct Cast {
    world: World,
    kari: PartyId,
    firm: PartyId,
    company: PartyId,
    user: Subject,
}

fn cast() -> Cast {
    let mut world = World::new();
    world.has_policy(OPEN, &policy(OPEN, &[TestRule::permit("read", None)]));
    let (kari, firm) = (world.person(1), world.organisation(2, "AS"));
    let company = world.organisation(3, "AS");
    world.holds(kari, "daglig-leder", company);
    world.holds(firm, "regnskapsforer", company);
    let right = Right::to(VAT_RETURN, Some("read"));
    world.system(std::slice::from_ref(&right), &[]);
    let user = world.system_user(100, SystemUserKind::Standard, company, (&[right], &[]));
    Cast { world, kari, firm, company, user: user.into() }
}

pub(super) fn deleted(world: &World, party: PartyId, kind: PartyKind) -> World {
    let mut world = world.clone();
    let mut gone = facts(kind, None, None);
    gone.is_deleted = true;
    world.changes(party, gone);
    world
}

#[test]
fn nothing_is_permitted_for_a_deleted_party_and_all_as_of_before_still_is() {
    let Cast { world, kari, firm, company, user } = cast();
    let after = deleted(&world, company, PartyKind::Organization);
    for subject in [kari.into(), firm.into(), user] {
        for resource in [VAT_RETURN, OPEN] {
            assert!(world.permits(subject, "read", resource, company), "{subject:?}, {resource}");
            let decided = after.decides(subject, "read", resource, company);
            assert_eq!(decided.decision, Decision::NotApplicable, "{subject:?}, {resource}");
            assert_eq!(decided.reason, Reason::PartyDeleted, "{subject:?}, {resource}");
            assert!(decided.obligations.is_empty() && decided.facts.is_empty());
        }
    }
}

#[test]
fn nothing_is_permitted_to_a_deleted_subject() {
    let Cast { world, kari, firm, company, user } = cast();
    for (gone, kind) in [(kari, PartyKind::Person), (firm, PartyKind::Organization)] {
        let after = deleted(&world, gone, kind);
        for resource in [VAT_RETURN, OPEN] {
            assert!(world.permits(gone, "read", resource, company), "{resource}");
            let decided = after.decides(gone, "read", resource, company);
            assert_eq!(decided.decision, Decision::NotApplicable, "{resource}");
            assert_eq!(decided.reason, Reason::PartyDeleted, "{resource}");
            // Others do what they did.
            assert!(after.permits(user, "read", resource, company), "{resource}");
        }
        assert!(!after.permits(gone, "read", OPEN, gone));
    }
}

#[test]
fn nothing_is_permitted_to_the_system_user_of_a_deleted_owner() {
    let Cast { mut world, kari, company, user, .. } = cast();
    let (sub, other) = (world.sub_unit(4, company), world.organisation(5, "AS"));
    let after = deleted(&world, company, PartyKind::Organization);
    for (resource, party) in [(VAT_RETURN, sub), (OPEN, sub), (OPEN, other)] {
        assert!(world.permits(user, "read", resource, party), "{resource}");
        let decided = after.decides(user, "read", resource, party);
        assert_eq!(decided.decision, Decision::NotApplicable, "{resource}");
        assert_eq!(decided.reason, Reason::PartyDeleted, "{resource}");
    }
    // What was held for a deleted main unit does not reach its sub-unit.
    assert!(world.permits(kari, "read", VAT_RETURN, sub));
    assert!(!after.permits(kari, "read", VAT_RETURN, sub));
}

#[test]
fn a_policy_for_everybody_permits_nothing_to_or_for_a_deleted_party_that_stands_alone() {
    let Cast { world, kari, .. } = cast();
    let after = deleted(&world, kari, PartyKind::Person);
    let mut for_nobody = question(kari, "read", OPEN, kari);
    for_nobody.party = None;
    let mut by_nobody = question(kari, "read", OPEN, kari);
    by_nobody.subject = None;
    for asked in [for_nobody, by_nobody] {
        assert_eq!(world.asked(&asked).decision, Decision::Permit);
        assert_eq!(after.asked(&asked).decision, Decision::NotApplicable);
    }
}

#[test]
fn nothing_is_given_on_by_or_for_a_deleted_party() {
    let Cast { mut world, kari, company, .. } = cast();
    world.holds(kari, "urn:altinn:role:hovedadministrator", company);
    let may_give = |world: &World| {
        let open = world.may_give_right(kari, OPEN, company).actions;
        let right = world.may_give_right(kari, VAT_RETURN, company).actions;
        let package = world.may_give_package(kari, "tilgangsstyrer", company).is_delegable;
        open.into_iter().chain(right).map(|(_, may)| may).chain([package]).collect::<Vec<_>>()
    };
    assert_eq!(may_give(&world), [true; 5]);
    assert_eq!(may_give(&deleted(&world, kari, PartyKind::Person)), [false; 5]);
    assert_eq!(may_give(&deleted(&world, company, PartyKind::Organization)), [false; 5]);
}

#[test]
fn whose_deletion_would_turn_a_decision_was_consulted() {
    let Cast { world, kari, company, user, .. } = cast();
    let decided = world.decides(kari, "read", OPEN, company);
    for party in [kari, company] {
        assert!(decided.consulted.contains(&StreamName::party(party)));
    }
    let decided = world.decides(user, "read", OPEN, kari);
    for stream in [StreamName::party(kari), StreamName::party(company), agreement()] {
        assert!(decided.consulted.contains(&stream), "{stream}");
    }
    for check in [
        world.may_give_right(kari, VAT_RETURN, company).consulted,
        world.may_give_package(kari, "tilgangsstyrer", company).consulted,
    ] {
        assert!(check.contains(&StreamName::party(kari)));
    }
}
