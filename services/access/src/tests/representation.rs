use fullmakt_events::{StreamName, event::PartyKind};

use super::{
    deleted::deleted,
    world::{World, party},
};

#[test]
fn whoever_holds_any_role_for_a_party_represents_it() {
    let mut world = World::new();
    let (kari, company, other) =
        (world.person(1), world.organisation(2, "AS"), world.organisation(3, "AS"));
    world.holds(kari, "revisor", company);
    assert!(world.represents(kari, company).is_represented);
    assert!(!world.represents(kari, other).is_represented);
    assert!(!world.represents(party(9), company).is_represented);
    assert!(!world.represents(kari, party(9)).is_represented);
}

#[test]
fn whoever_leads_an_accountant_represents_its_clients_and_whoever_does_not_lead_it_does_not() {
    let mut world = World::new();
    let (eva, per) = (world.person(1), world.person(2));
    let (firm, client) = (world.organisation(3, "AS"), world.organisation(4, "AS"));
    world.holds(firm, "regnskapsforer", client);
    world.holds(eva, "daglig-leder", firm);
    world.holds(per, "revisor", firm);
    assert!(world.represents(eva, client).is_represented);
    assert!(!world.represents(per, client).is_represented);
}

#[test]
fn whoever_represents_a_main_unit_represents_its_sub_units_and_not_the_other_way_round() {
    let mut world = World::new();
    let (kari, ola, main) = (world.person(1), world.person(2), world.organisation(3, "AS"));
    let sub = world.sub_unit(4, main);
    world.holds(kari, "daglig-leder", main);
    world.holds(ola, "daglig-leder", sub);
    assert!(world.represents(kari, sub).is_represented);
    assert!(!world.represents(ola, main).is_represented);
}

#[test]
fn nobody_represents_a_deleted_party_and_what_was_looked_into_is_told() {
    let mut world = World::new();
    let (kari, company) = (world.person(1), world.organisation(2, "AS"));
    world.holds(kari, "daglig-leder", company);
    let consulted = world.represents(kari, company).consulted;
    assert!(consulted.contains(&StreamName::party(company)));
    let world = deleted(&world, company, PartyKind::Organization);
    assert!(!world.represents(kari, company).is_represented);
}
