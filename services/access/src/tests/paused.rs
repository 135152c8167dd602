//! Issue 5: to a system user that its owner has paused nothing is permitted until it is resumed.

use fullmakt_events::{PartyId, Right, SystemUserId, event::SystemUserKind};
use fullmakt_xacml::Decision;

use super::world::{TestRule, VAT_RETURN, World, agreement, policy, question};
use crate::Reason;

/// A policy that lets everybody read.
const OPEN: &str = "test-resource";

/// A company whose system user has a package and a single right, and Kari, who leads it.
fn cast() -> (World, PartyId, PartyId, SystemUserId) {
    let mut world = World::new();
    world.has_policy(OPEN, &policy(OPEN, &[TestRule::permit("read", None)]));
    let (kari, company) = (world.person(1), world.organisation(2, "AS"));
    world.holds(kari, "daglig-leder", company);
    let right = Right::to(VAT_RETURN, Some("sign"));
    world.system(std::slice::from_ref(&right), &["merverdiavgift"]);
    let given: (&[Right], &[&str]) = (&[right], &["merverdiavgift"]);
    let user = world.system_user(100, SystemUserKind::Standard, company, given);
    (world, kari, company, user)
}

/// By a package, by a single right, and by a policy for everybody.
const PERMITTED: [(&str, &str); 3] = [("write", VAT_RETURN), ("sign", VAT_RETURN), ("read", OPEN)];

#[test]
fn nothing_is_permitted_to_a_paused_system_user_and_all_as_of_before_still_is() {
    let (world, kari, company, user) = cast();
    let mut after = world.clone();
    after.system_user_is_paused(user, kari);
    for (action, resource) in PERMITTED {
        assert!(world.permits(user, action, resource, company), "{action} {resource}");
        let decided = after.decides(user, action, resource, company);
        assert_eq!(decided.decision, Decision::NotApplicable, "{action} {resource}");
        assert_eq!(decided.reason, Reason::SubjectPaused, "{action} {resource}");
        assert_eq!(decided.reason.code(), "subject-paused");
        assert!(decided.obligations.is_empty() && decided.facts.is_empty());
    }
    let mut for_nobody = question(user, "read", OPEN, company);
    for_nobody.party = None;
    assert_eq!(world.asked(&for_nobody).decision, Decision::Permit);
    assert_eq!(after.asked(&for_nobody).reason, Reason::SubjectPaused);
}

/// Issue 5: a policy that lets everybody read still let a deleted system user.
#[test]
fn nothing_is_permitted_to_a_deleted_system_user_nor_to_one_that_never_was() {
    let (mut world, kari, company, user) = cast();
    world.system_user_is_deleted(user, kari);
    let never = SystemUserId::new(uuid::Uuid::from_u128(999));
    for user in [user, never] {
        for (action, resource) in PERMITTED {
            let decided = world.decides(user, action, resource, company);
            assert_eq!(decided.decision, Decision::NotApplicable, "{action} {resource}");
            assert_eq!(decided.reason, Reason::SubjectUnknown, "{action} {resource}");
        }
    }
}

#[test]
fn a_resumed_system_user_may_what_it_might_before() {
    let (mut world, kari, company, user) = cast();
    world.system_user_is_paused(user, kari);
    world.system_user_is_resumed(user, kari);
    for (action, resource) in PERMITTED {
        assert!(world.permits(user, action, resource, company), "{action} {resource}");
    }
}

#[test]
fn others_may_what_they_might_before_while_a_system_user_is_paused() {
    let (mut world, kari, company, user) = cast();
    let given: (&[Right], &[&str]) = (&[], &["merverdiavgift"]);
    let other = world.system_user(101, SystemUserKind::Standard, company, given);
    world.system_user_is_paused(user, kari);
    assert!(world.permits(other, "write", VAT_RETURN, company));
    assert!(world.permits(kari, "write", VAT_RETURN, company));
}

#[test]
fn the_stream_on_which_a_system_user_is_paused_was_consulted() {
    let (mut world, kari, company, user) = cast();
    for (action, resource) in PERMITTED {
        let decided = world.decides(user, action, resource, company);
        assert!(decided.consulted.contains(&agreement()), "{action} {resource}");
    }
    world.system_user_is_paused(user, kari);
    // So that resuming it supersedes what rests on the denial.
    let decided = world.decides(user, "read", OPEN, company);
    assert!(decided.consulted.contains(&agreement()));
}
