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

#[test]
fn the_parties_that_somebody_represents_are_those_that_a_check_finds() {
    let mut world = World::new();
    let (eva, per) = (world.person(1), world.person(2));
    let (firm, client) = (world.organisation(3, "AS"), world.organisation(4, "AS"));
    let (other, gone) = (world.organisation(5, "AS"), world.organisation(6, "AS"));
    let (sub, of_other) = (world.sub_unit(7, client), world.sub_unit(8, other));
    world.holds(firm, "regnskapsforer", client);
    world.holds(eva, "daglig-leder", firm);
    world.holds(eva, "revisor", gone);
    world.holds(per, "revisor", firm);
    world.holds(per, "daglig-leder", of_other);
    let world = deleted(&world, gone, PartyKind::Organization);
    for (person, expected) in
        [(eva, vec![eva, firm, client, sub]), (per, vec![per, firm, of_other])]
    {
        assert_eq!(world.represented_by(person), expected);
        for party in (1..=8).map(party) {
            let is_found = expected.contains(&party);
            assert_eq!(world.represents(person, party).is_represented, is_found, "{party}");
            assert_eq!(!world.roles_for(person, party).is_empty(), is_found, "{party}");
        }
    }
    assert!(world.represented_by(party(9)).is_empty());
}

#[test]
fn roles_come_with_their_older_names_and_with_what_follows_from_them() {
    let mut world = World::new();
    let (kari, company) = (world.person(1), world.organisation(2, "AS"));
    world.holds(kari, "daglig-leder", company);
    let roles: Vec<String> =
        world.roles_for(kari, company).iter().map(ToString::to_string).collect();
    assert!(roles.contains(&"urn:altinn:external-role:ccr:daglig-leder".to_owned()), "{roles:?}");
    assert!(roles.contains(&"urn:altinn:rolecode:dagl".to_owned()), "{roles:?}");
}
