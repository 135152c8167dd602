use fullmakt_events::StreamName;

use super::world::{ACCESS_MANAGEMENT, PAYROLL_REPORT, TestRule, VAT_RETURN, World, party, policy};

fn actions(check: crate::RightCheck) -> Vec<(String, bool)> {
    check.actions
}

fn all(actions: &[(&str, bool)]) -> Vec<(String, bool)> {
    actions.iter().map(|(action, may)| ((*action).to_owned(), *may)).collect()
}

#[test]
fn each_action_is_checked_by_itself() {
    let mut world = World::new();
    let (kari, firm, company) =
        (world.person(1), world.organisation(2, "AS"), world.organisation(3, "AS"));
    world.holds(kari, "daglig-leder", company);
    world.holds(firm, "forretningsforer", company);
    let check = world.may_give_right(kari, VAT_RETURN, company);
    assert!(check.names_packages);
    assert_eq!(actions(check), all(&[("read", true), ("sign", true), ("write", true)]));
    for stranger in [firm, party(9)] {
        let check = world.may_give_right(stranger, VAT_RETURN, company);
        assert_eq!(actions(check), all(&[("read", false), ("sign", false), ("write", false)]));
    }
}

#[test]
fn a_package_that_may_not_be_given_on_gives_no_right_to_give_on() {
    let mut world = World::new();
    let (firm, company) = (world.organisation(2, "AS"), world.organisation(3, "AS"));
    world.holds(firm, "regnskapsforer", company);
    assert!(world.permits(firm, "read", VAT_RETURN, company));
    let check = world.may_give_right(firm, VAT_RETURN, company);
    assert_eq!(actions(check), all(&[("read", false), ("sign", false), ("write", false)]));
    let package = "regnskapsforer-med-signeringsrettighet";
    assert!(!world.may_give_package(firm, package, company).is_delegable);
}

#[test]
fn a_main_administrator_gives_on_what_it_may_not_do() {
    let mut world = World::new();
    let (kari, company, other) =
        (world.person(1), world.organisation(2, "AS"), world.organisation(3, "AS"));
    world.holds(kari, "urn:altinn:role:hovedadministrator", company);
    assert!(!world.permits(kari, "write", ACCESS_MANAGEMENT, company));
    let check = world.may_give_right(kari, ACCESS_MANAGEMENT, company);
    assert_eq!(actions(check), all(&[("read", true), ("write", true)]));
    assert!(world.may_give_package(kari, "tilgangsstyrer", company).is_delegable);
    assert!(!world.may_give_package(kari, "hovedadministrator", company).is_delegable);
    assert!(!world.may_give_package(kari, "no-such-package", company).is_delegable);
    assert!(!world.may_give_package(kari, "tilgangsstyrer", other).is_delegable);
}

#[test]
fn the_leader_of_a_client_gives_on_and_that_of_its_sub_unit_only_for_the_sub_unit() {
    let mut world = World::new();
    let (kari, ola, main) = (world.person(1), world.person(2), world.organisation(3, "AS"));
    let sub = world.sub_unit(4, main);
    world.holds(kari, "daglig-leder", main);
    world.holds(ola, "daglig-leder", sub);
    for (giver, party, may) in
        [(kari, main, true), (kari, sub, true), (ola, sub, true), (ola, main, false)]
    {
        let check = world.may_give_package(giver, "a-ordning", party);
        assert_eq!(check.is_delegable, may);
        let check = world.may_give_right(giver, PAYROLL_REPORT, party);
        assert_eq!(actions(check), all(&[("read", may), ("write", may)]));
    }
}

#[test]
fn a_policy_without_packages_says_so() {
    let mut world = World::new();
    let (kari, company) = (world.person(1), world.organisation(2, "AS"));
    let rule = TestRule::permit("read", Some(("urn:altinn:rolecode", "dagl")));
    world.has_policy("test-resource", &policy("test-resource", &[rule]));
    let check = world.may_give_right(kari, "test-resource", company);
    assert!(!check.names_packages);
    assert_eq!(actions(check), all(&[("read", false)]));
    world.holds(kari, "daglig-leder", company);
    let check = world.may_give_right(kari, "test-resource", company);
    assert_eq!(actions(check), all(&[("read", true)]));
}

#[test]
fn what_was_looked_into_is_named_even_where_nothing_was_found() {
    let mut world = World::new();
    let (kari, firm, company) =
        (world.person(1), world.organisation(2, "AS"), world.organisation(3, "AS"));
    world.holds(firm, "regnskapsforer", company);
    let check = world.may_give_right(kari, VAT_RETURN, company);
    let resource = VAT_RETURN.parse().unwrap();
    for stream in [
        StreamName::resource(&resource),
        StreamName::party(company),
        StreamName::party(firm),
        StreamName::catalogue("roles"),
        StreamName::catalogue("role-packages"),
    ] {
        assert!(check.consulted.contains(&stream), "{stream}");
    }
    let check = world.may_give_package(kari, "a-ordning", party(9));
    assert!(check.consulted.contains(&StreamName::party(party(9))));
}
