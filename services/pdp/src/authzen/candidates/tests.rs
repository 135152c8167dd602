use fullmakt_events::{
    RoleUrn,
    event::{Catalogue, CatalogueEvent, CataloguePublished, PartyEvent, RoleAssigned},
};
use fullmakt_ledger::Fold;

use super::*;
use crate::testing::{
    COMPANY_ORG, PAYROLL_REPORT, VAT_OWNER, VAT_RETURN, company, fold, kari, party, records,
    registered, system_user,
};

fn wanted(kind: &str) -> Entity {
    Entity { kind: kind.to_owned(), id: String::new(), properties: serde_json::Map::new() }
}

fn found(generation: &Generation, kind: &str, of: Option<PartyId>) -> Vec<String> {
    let all = subjects(generation, &wanted(kind), of, None);
    all.into_iter().map(|candidate| candidate.found.id).collect()
}

/// The company's auditor is an organisation that somebody leads.
fn with_auditor() -> std::sync::Arc<Generation> {
    let mut fold = fold();
    let holds = |party: PartyId, role: &str, holder: PartyId| -> fullmakt_events::Event {
        let role = RoleUrn::new(format!("urn:altinn:external-role:ccr:{role}"));
        PartyEvent::RoleAssigned(RoleAssigned { party, role, holder }).into()
    };
    let mut events = registered(50_003, PartyKind::Organization, Some("310020028"));
    events.extend(registered(50_004, PartyKind::Person, None));
    events.push(holds(company(), "revisor", party(50_003)));
    events.push(holds(party(50_003), "daglig-leder", party(50_004)));
    let next = fold.generations().current().graph.position().get() + 1;
    fold.apply(&records(next, events));
    fold.generations().current()
}

#[test]
fn subjects_of_the_registers_are_those_that_are_connected_with_the_party() {
    let generation = with_auditor();
    let of = |kind: &str| found(&generation, kind, Some(company()));
    assert_eq!(of(SYSTEM_USER), [system_user().to_string()]);
    assert_eq!(of(PERSON), [kari().to_string(), party(50_004).to_string()]);
    assert_eq!(of(ORGANIZATION), [COMPANY_ORG, "310020028"], "by their numbers");
    assert_eq!(of(PARTY).len(), 4);
    for kind in [SYSTEM_USER, PERSON, ORGANIZATION, PARTY] {
        assert!(found(&generation, kind, None).is_empty(), "{kind}");
        assert!(found(&generation, kind, Some(party(99))).is_empty(), "{kind}");
    }
}

#[test]
fn candidates_go_on_after_the_last() {
    let generation = with_auditor();
    let first = subjects(&generation, &wanted(PERSON), Some(company()), None).remove(0);
    let rest = subjects(&generation, &wanted(PERSON), Some(company()), Some(&first.key));
    assert_eq!(rest.len(), 1);
    assert_ne!(rest[0].key, first.key);
    let last = system_user().to_string();
    assert!(subjects(&generation, &wanted(SYSTEM_USER), Some(company()), Some(&last)).is_empty());
}

#[test]
fn resources_are_those_within_reach() {
    let generation = fold().generations().current();
    let of = |reach: Reach, after: Option<&str>| -> Vec<String> {
        let all = resources(&generation, &wanted(RESOURCE), None, reach, after);
        all.into_iter().map(|candidate| candidate.found.id).collect()
    };
    assert_eq!(of(Reach::All, None), [PAYROLL_REPORT, VAT_RETURN]);
    assert_eq!(of(Reach::All, Some(PAYROLL_REPORT)), [VAT_RETURN]);
    assert_eq!(of(Reach::OwnedBy(VAT_OWNER.parse().unwrap()), None), [VAT_RETURN]);
    let strange = resources(&generation, &wanted("No Such Type"), None, Reach::All, None);
    assert!(strange.is_empty());
}

#[test]
fn one_page_never_looks_at_more_than_so_many() {
    let mut fold = fold();
    let entities = (0..CANDIDATES_MAX + 50).map(|number| fullmakt_events::event::Entity {
        kind: "user".to_owned(),
        id: format!("{number:06}"),
        properties: serde_json::Map::new(),
    });
    let content = Catalogue::Entities(entities.collect());
    let published = CataloguePublished { hash: "x".to_owned(), content };
    let next = fold.generations().current().graph.position().get() + 1;
    fold.apply(&records(next, vec![CatalogueEvent::Published(published).into()]));
    let generation = fold.generations().current();
    let page = subjects(&generation, &wanted("user"), None, None);
    assert_eq!(page.len(), CANDIDATES_MAX + 1, "one more tells that there is a next page");
    let last = &page[CANDIDATES_MAX - 1].key;
    assert_eq!(subjects(&generation, &wanted("user"), None, Some(last)).len(), 50);
}

#[test]
fn actions_are_those_of_the_policy() {
    let generation = fold().generations().current();
    let resource = |id: &str| KnownResource {
        kind: RESOURCE.to_owned(),
        id: id.to_owned(),
        registered: id.parse().unwrap(),
        party: None,
        properties: serde_json::Map::new(),
    };
    let of = |id: &str, after: Option<&str>| -> Vec<String> {
        let all = actions(&generation, &resource(id), after);
        all.into_iter().map(|candidate| candidate.key).collect()
    };
    assert_eq!(of(VAT_RETURN, None), ["read", "sign", "write"]);
    assert_eq!(of(VAT_RETURN, Some("read")), ["sign", "write"]);
    assert!(of("not-there", None).is_empty());
}
