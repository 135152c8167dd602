use fullmakt_events::event::PartyKind;
use fullmakt_projections::graph::AccessGraph;
use fullmakt_xacml::Decision;

use super::world::{
    ACCESS_MANAGEMENT, PAYROLL_REPORT, TestRule, VAT_RETURN, World, facts, party, policy,
};
use crate::{FactKind, Reason, Relation, Subject, Wanted};

const PACKAGE: &str = "urn:altinn:accesspackage";

/// A policy that lets those read who have this.
fn reads(attribute: &'static str, value: &'static str) -> String {
    policy("test-resource", &[TestRule::permit("read", Some((attribute, value)))])
}

#[test]
fn the_holder_of_a_role_may_do_what_the_policy_gives_the_role() {
    let mut world = World::new();
    let (kari, company) = (world.person(1), world.organisation(2, "AS"));
    assert!(!world.permits(kari, "sign", VAT_RETURN, company));
    world.holds(kari, "daglig-leder", company);
    let decided = world.decides(kari, "sign", VAT_RETURN, company);
    assert_eq!((decided.decision, decided.reason), (Decision::Permit, Reason::PolicyPermits));
    assert_eq!(decided.obligations.len(), 1);
    world.no_longer_holds(kari, "daglig-leder", company);
    let decided = world.decides(kari, "sign", VAT_RETURN, company);
    assert_eq!(
        (decided.decision, decided.reason),
        (Decision::NotApplicable, Reason::NothingPermits)
    );
}

#[test]
fn a_role_counts_only_towards_the_party_it_is_held_for() {
    let mut world = World::new();
    let (kari, company, other) =
        (world.person(1), world.organisation(2, "AS"), world.organisation(3, "AS"));
    world.holds(kari, "daglig-leder", company);
    assert!(!world.permits(kari, "sign", VAT_RETURN, other));
    assert!(!world.permits(company, "sign", VAT_RETURN, company));
    assert!(!world.permits(party(9), "sign", VAT_RETURN, company));
    assert!(!world.permits(kari, "sign", VAT_RETURN, party(9)));
}

#[test]
fn who_leads_the_accountant_has_the_accountants_package_for_its_client() {
    let mut world = World::new();
    let (client, firm) = (world.organisation(1, "AS"), world.organisation(2, "AS"));
    let (leader, member) = (world.person(3), world.person(4));
    world.holds(firm, "regnskapsforer", client);
    world.holds(leader, "daglig-leder", firm);
    world.holds(member, "styremedlem", firm);
    let decided = world.decides(leader, "write", VAT_RETURN, client);
    assert_eq!(decided.decision, Decision::Permit);
    assert!(decided.facts.iter().any(|fact| {
        matches!(&fact.kind, FactKind::Package { package, .. }
            if package.code() == "regnskapsforer-med-signeringsrettighet")
            && fact.path.iter().any(|step| step.stream.as_str().ends_with(&client.to_string()))
            && fact.path.iter().any(|step| step.stream.as_str().ends_with(&firm.to_string()))
    }));
    assert!(world.permits(firm, "write", VAT_RETURN, client));
    // An accountant files returns and does not sign them, and a member of the board does not lead.
    assert!(!world.permits(leader, "sign", VAT_RETURN, client));
    assert!(!world.permits(member, "write", VAT_RETURN, client));
    world.no_longer_holds(firm, "regnskapsforer", client);
    assert!(!world.permits(leader, "write", VAT_RETURN, client));
}

#[test]
fn a_deleted_organisation_leads_to_nothing() {
    let mut world = World::new();
    let (client, firm, leader) =
        (world.organisation(1, "AS"), world.organisation(2, "AS"), world.person(3));
    world.holds(firm, "regnskapsforer", client);
    world.holds(leader, "daglig-leder", firm);
    assert!(world.permits(leader, "write", VAT_RETURN, client));
    let mut gone = facts(PartyKind::Organization, Some("AS"), None);
    gone.is_deleted = true;
    world.changes(firm, gone);
    assert!(!world.permits(leader, "write", VAT_RETURN, client));
}

#[test]
fn a_leader_of_a_leader_is_one_step_too_far() {
    let mut world = World::new();
    let (client, firm, owner, leader) = (
        world.organisation(1, "AS"),
        world.organisation(2, "KS"),
        world.organisation(3, "AS"),
        world.person(4),
    );
    world.holds(firm, "regnskapsforer", client);
    world.holds(owner, "komplementar", firm);
    world.holds(leader, "daglig-leder", owner);
    assert!(world.permits(owner, "write", VAT_RETURN, client));
    assert!(!world.permits(leader, "write", VAT_RETURN, client));
}

#[test]
fn a_participant_leads_a_company_but_no_inter_municipal_one() {
    for (variant, leads) in [("DA", true), ("IKS", false)] {
        let mut world = World::new();
        let (client, firm, participant) =
            (world.organisation(1, "AS"), world.organisation(2, variant), world.person(3));
        world.holds(firm, "regnskapsforer", client);
        world.holds(participant, "deltaker-delt-ansvar", firm);
        assert_eq!(world.permits(participant, "write", VAT_RETURN, client), leads, "{variant}");
        // The exception is about what the company holds, not about the company itself.
        assert!(world.permits(participant, "write", VAT_RETURN, firm), "{variant}");
        world.holds(participant, "daglig-leder", firm);
        assert!(world.permits(participant, "write", VAT_RETURN, client), "{variant}");
    }
}

#[test]
fn roles_follow_by_the_map_and_have_their_older_names() {
    let mut world = World::new();
    let (kari, company) = (world.person(1), world.organisation(2, "AS"));
    world.holds(kari, "daglig-leder", company);
    for (attribute, value, is_permitted) in [
        ("urn:altinn:external-role:ccr", "daglig-leder", true),
        ("urn:altinn:rolecode", "dagl", true),
        ("urn:altinn:rolecode", "a0212", true),
        ("urn:altinn:rolecode", "regn", false),
        ("urn:altinn:external-role:ccr", "styreleder", false),
    ] {
        world.has_policy("test-resource", &reads(attribute, value));
        assert_eq!(
            world.permits(kari, "read", "test-resource", company),
            is_permitted,
            "{attribute} {value}"
        );
    }
}

#[test]
fn a_sub_unit_has_what_its_main_unit_gives_and_not_the_other_way() {
    let mut world = World::new();
    let (kari, ola, main) = (world.person(1), world.person(2), world.organisation(3, "AS"));
    let sub = world.sub_unit(4, main);
    world.holds(kari, "daglig-leder", main);
    world.holds(ola, "daglig-leder", sub);
    assert!(world.permits(kari, "sign", VAT_RETURN, main));
    assert!(world.permits(kari, "sign", VAT_RETURN, sub));
    assert!(world.permits(ola, "sign", VAT_RETURN, sub));
    assert!(!world.permits(ola, "sign", VAT_RETURN, main));
    // The unit has moved to another main unit.
    let other = world.organisation(5, "AS");
    world.changes(sub, facts(PartyKind::SubUnit, Some("BEDR"), Some(other)));
    assert!(!world.permits(kari, "sign", VAT_RETURN, sub));
}

#[test]
fn a_parent_counts_for_sub_units_only() {
    let mut world = World::new();
    let (kari, main) = (world.person(1), world.organisation(2, "KOMM"));
    let daughter = world.organisation(3, "ORGL");
    world.changes(daughter, facts(PartyKind::Organization, Some("ORGL"), Some(main)));
    world.holds(kari, "daglig-leder", main);
    assert!(!world.permits(kari, "sign", VAT_RETURN, daughter));
}

#[test]
fn a_business_manager_has_the_real_estate_package_of_housing_cooperatives_only() {
    for (variant, is_permitted) in [("ESEK", true), ("BRL", true), ("AS", false), ("NUF", false)] {
        let mut world = World::new();
        world.has_policy("test-resource", &reads(PACKAGE, "forretningsforer-eiendom"));
        let (client, firm, leader) =
            (world.organisation(1, variant), world.organisation(2, "AS"), world.person(3));
        world.holds(firm, "forretningsforer", client);
        world.holds(leader, "daglig-leder", firm);
        for subject in [firm, leader] {
            assert_eq!(
                world.permits(subject, "read", "test-resource", client),
                is_permitted,
                "{variant}"
            );
        }
    }
}

#[test]
fn the_form_that_counts_is_that_of_the_party_for_which_the_role_is_held() {
    let mut world = World::new();
    world.has_policy("test-resource", &reads(PACKAGE, "forretningsforer-eiendom"));
    let (cooperative, company, firm) =
        (world.organisation(1, "BRL"), world.organisation(2, "AS"), world.organisation(3, "AS"));
    let (of_cooperative, of_company) = (world.sub_unit(4, cooperative), world.sub_unit(5, company));
    world.holds(firm, "forretningsforer", cooperative);
    world.holds(firm, "forretningsforer", company);
    assert!(world.permits(firm, "read", "test-resource", of_cooperative));
    assert!(!world.permits(firm, "read", "test-resource", of_company));
    // Held for the sub-unit itself as well, of a form that does not count: the other is not hidden.
    world.holds(firm, "forretningsforer", of_cooperative);
    assert!(world.permits(firm, "read", "test-resource", of_cooperative));
}

#[test]
fn a_main_administrator_has_no_access_by_packages() {
    let mut world = World::new();
    let (kari, company) = (world.person(1), world.organisation(2, "AS"));
    world.holds(kari, "urn:altinn:role:hovedadministrator", company);
    assert!(!world.permits(kari, "write", ACCESS_MANAGEMENT, company));
    for package in ["merverdiavgift", "a-ordning", "klientadministrator", "hovedadministrator"] {
        world.has_policy("test-resource", &reads(PACKAGE, package));
        assert!(!world.permits(kari, "read", "test-resource", company), "{package}");
    }
    world.holds(kari, "daglig-leder", company);
    assert!(world.permits(kari, "write", ACCESS_MANAGEMENT, company));
}

#[test]
fn a_private_person_has_the_packages_of_inhabitants_towards_itself_alone() {
    let mut world = World::new();
    let (kari, ola, company) = (world.person(1), world.person(2), world.organisation(3, "AS"));
    world.has_policy("test-resource", &reads("urn:altinn:rolecode", "priv"));
    assert!(world.permits(kari, "read", "test-resource", kari));
    assert!(!world.permits(kari, "read", "test-resource", ola));
    assert!(!world.permits(company, "read", "test-resource", company));
    world.has_policy("test-resource", &reads(PACKAGE, "innbygger-skatteforhold-privatpersoner"));
    assert!(world.permits(kari, "read", "test-resource", kari));
    assert!(!world.permits(kari, "read", "test-resource", ola));
}

#[test]
fn facts_of_kinds_that_the_policy_does_not_test_are_not_collected() {
    let mut world = World::new();
    let (kari, company) = (world.person(1), world.organisation(2, "AS"));
    world.holds(kari, "daglig-leder", company);
    let kinds = |world: &World| {
        let facts = world.decides(kari, "read", "test-resource", company).facts;
        let roles = facts.iter().filter(|fact| matches!(fact.kind, FactKind::Role(_))).count();
        (roles > 0, facts.len() > roles)
    };
    for (attribute, found) in [
        (PACKAGE, (false, true)),
        ("urn:altinn:rolecode", (true, false)),
        ("urn:altinn:external-role:ccr", (true, false)),
        ("urn:altinn:org", (false, false)),
    ] {
        world.has_policy("test-resource", &reads(attribute, "x"));
        assert_eq!(kinds(&world), found, "{attribute}");
    }
    let nothing = Wanted { roles: false, packages: false, mandates: false, registry: false };
    let relation = Relation {
        subject: Some(Subject::Party(kari)),
        party: company,
        resource: None,
        at: super::world::now(),
    };
    let facts = crate::collect(&AccessGraph::default(), &relation, nothing);
    assert!(facts.consulted.is_empty());
}

#[test]
fn a_policy_that_tests_roles_and_packages_takes_either() {
    let mut world = World::new();
    let (firm, kari, company) =
        (world.organisation(1, "AS"), world.person(2), world.organisation(3, "AS"));
    world.holds(firm, "regnskapsforer", company);
    world.holds(kari, "daglig-leder", company);
    assert!(world.permits(firm, "read", VAT_RETURN, company));
    assert!(world.permits(kari, "read", VAT_RETURN, company));
    assert!(!world.permits(firm, "read", PAYROLL_REPORT, company));
}
