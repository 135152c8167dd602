//! Who keeps the books of a sole proprietorship reaches its owner as a person.

use fullmakt_events::{PartyId, event::PartyKind};

use super::world::{TestRule, World, facts, now, policy};

const RESOURCE: &str = "test-resource";
const TWO_YEARS: i64 = 2 * 365 * 24 * 60 * 60;

struct Cast {
    world: World,
    owner: PartyId,
    business: PartyId,
    firm: PartyId,
}

/// A firm holds a role for a business of this form, which a person owns by another role.
fn cast(variant: &str, role: &str, owns_as: &str) -> Cast {
    let mut world = World::new();
    let (owner, business, firm) =
        (world.person(1), world.organisation(2, variant), world.organisation(3, "AS"));
    let reads = |attribute, value| TestRule::permit("read", Some((attribute, value)));
    let rules = [
        reads("urn:altinn:external-role:ccr", "regnskapsforer"),
        reads("urn:altinn:accesspackage", "ansvarlig-revisor"),
        reads("urn:altinn:external-role:ccr", "forretningsforer"),
    ];
    world.has_policy(RESOURCE, &policy(RESOURCE, &rules));
    world.holds(owner, owns_as, business);
    world.holds(firm, role, business);
    Cast { world, owner, business, firm }
}

#[test]
fn accountant_and_auditor_of_a_sole_proprietorship_reach_its_owner_and_nobody_else_does() {
    for (variant, role, owns_as, reaches) in [
        ("ENK", "regnskapsforer", "innehaver", true),
        ("ENK", "revisor", "innehaver", true),
        ("ENK", "forretningsforer", "innehaver", false),
        ("ENK", "regnskapsforer", "daglig-leder", false),
        ("AS", "regnskapsforer", "innehaver", false),
    ] {
        let Cast { mut world, owner, business, firm } = cast(variant, role, owns_as);
        let leader = world.person(4);
        world.holds(leader, "daglig-leder", firm);
        for subject in [firm, leader] {
            assert!(world.permits(subject, "read", RESOURCE, business), "{variant} {role}");
            let permitted = world.permits(subject, "read", RESOURCE, owner);
            assert_eq!(permitted, reaches, "{variant} {role} {owns_as}");
        }
        let other = world.person(5);
        assert!(!world.permits(firm, "read", RESOURCE, other));
    }
}

#[test]
fn the_owner_is_reached_while_accountant_and_owner_are_there() {
    let Cast { mut world, owner, business, firm } = cast("ENK", "regnskapsforer", "innehaver");
    let mut without_accountant = world.clone();
    without_accountant.no_longer_holds(firm, "regnskapsforer", business);
    assert!(!without_accountant.permits(firm, "read", RESOURCE, owner));
    let mut sold = world.clone();
    sold.no_longer_holds(owner, "innehaver", business);
    assert!(!sold.permits(firm, "read", RESOURCE, owner));
    let mut gone = facts(PartyKind::Person, None, None);
    gone.is_deleted = true;
    world.changes(owner, gone);
    assert!(!world.permits(firm, "read", RESOURCE, owner));
}

#[test]
fn two_years_after_the_business_was_deleted_its_owner_is_out_of_reach() {
    let Cast { mut world, owner, business, firm } = cast("ENK", "regnskapsforer", "innehaver");
    world.passes(10);
    let mut gone = facts(PartyKind::Organization, Some("ENK"), None);
    gone.is_deleted = true;
    world.changes(business, gone.clone());
    // That something else is said of it later is no deletion.
    world.passes(TWO_YEARS);
    gone.name = Some("Another name".to_owned());
    world.changes(business, gone);
    let permits =
        |seconds| world.permits_at(now().plus_seconds(seconds), (firm, "read", RESOURCE), owner);
    assert!(permits(10 + TWO_YEARS - 1));
    assert!(!permits(10 + TWO_YEARS));
}
