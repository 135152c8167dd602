use fullmakt_events::{PartyId, Right, SystemUserId, event::SystemUserKind};

use super::world::{VAT_RETURN, World, question};
use crate::{FactKind, NearestMiss, Reason};

const RULE_OF_READERS: &str = "urn:altinn:resource:demo-vat-return:ruleid:1";
const RULE_OF_SIGNERS: &str = "urn:altinn:resource:demo-vat-return:ruleid:2";

fn world() -> (World, PartyId, PartyId) {
    let mut world = World::new();
    let (company, kari) = (world.organisation(1, "AS"), world.person(2));
    world.holds(kari, "daglig-leder", company);
    (world, company, kari)
}

fn given(rights: &[Right]) -> (World, PartyId, SystemUserId) {
    let (mut world, company, _) = world();
    world.system(rights, &[]);
    let user = world.system_user(100, SystemUserKind::Standard, company, (rights, &[]));
    (world, company, user)
}

#[test]
fn a_permit_is_explained_by_the_rule_that_fired_and_the_facts_it_rests_on_alone() {
    let (world, company, kari) = world();
    let asked = question(kari, "sign", VAT_RETURN, company);
    let told = world.explains(&asked);
    assert_eq!(told.reason, Reason::PolicyPermits);
    assert_eq!(told.rule.unwrap().rule, RULE_OF_SIGNERS);
    let [fact] = told.facts.as_slice() else { panic!("{:?}", told.facts) };
    assert!(matches!(&fact.kind, FactKind::Role(role) if role.as_str().ends_with("daglig-leder")));
    assert!(fact.path.iter().any(|step| step.stream.to_string().starts_with("party/")));
    assert!(world.asked(&asked).facts.len() > 1, "more was weighed than it rests on");
    assert!(told.misses.is_empty() && told.barred_by.is_empty());
}

#[test]
fn a_denial_is_explained_by_what_would_have_had_to_be_true() {
    let (mut world, company, _) = world();
    let eva = world.person(3);
    let told = world.explains(&question(eva, "sign", VAT_RETURN, company));
    assert_eq!((told.reason, told.rule), (Reason::NothingPermits, None));
    assert!(told.facts.is_empty());
    let NearestMiss::Rule { rule, missing, is_conditional } = &told.misses[0] else { panic!() };
    assert_eq!((rule.as_str(), *is_conditional), (RULE_OF_SIGNERS, false));
    let [miss] = missing.as_slice() else { panic!("{missing:?}") };
    assert_eq!(
        (miss.attribute.as_str(), miss.value.as_str()),
        ("urn:altinn:external-role:ccr", "daglig-leder")
    );
    let is_single = |miss: &NearestMiss| matches!(miss, NearestMiss::SingleRight { .. });
    assert_eq!(told.misses.len(), 2);
    assert!(is_single(&told.misses[1]), "a mandate could give it");

    let told = world.explains(&question(eva, "read", VAT_RETURN, company));
    let is_of_readers = |miss: &NearestMiss| matches!(miss, NearestMiss::Rule { rule, .. } if rule == RULE_OF_READERS);
    let of_readers = told.misses.iter().filter(|miss| is_of_readers(miss));
    assert_eq!((of_readers.count(), told.misses.len()), (3, 4), "one for each alternative");
    assert!(world.explains(&question(eva, "burn", VAT_RETURN, company)).misses.is_empty());
}

#[test]
fn a_system_user_is_told_of_the_single_right_it_has_or_lacks() {
    let (world, company, user) = given(&[Right::to(VAT_RETURN, Some("sign"))]);
    let told = world.explains(&question(user, "sign", VAT_RETURN, company));
    assert_eq!(told.reason, Reason::RightPermits);
    assert!(matches!(told.facts.as_slice(), [fact] if matches!(fact.kind, FactKind::Right(_))));
    assert!(told.rule.is_none());

    let told = world.explains(&question(user, "read", VAT_RETURN, company));
    assert_eq!(told.reason, Reason::NothingPermits);
    let is_single = |miss: &NearestMiss| matches!(miss, NearestMiss::SingleRight { action, .. } if action == "read");
    assert!(told.misses.iter().any(is_single));
    let told = world.explains(&question(user, "burn", VAT_RETURN, company));
    assert!(told.misses.is_empty(), "nobody can be given what the policy does not have");
}

#[test]
fn what_bars_a_subject_is_told_with_where_it_stands() {
    let (mut world, company, user) = given(&[Right::to(VAT_RETURN, Some("sign"))]);
    world.system_user_is_paused(user, company);
    let told = world.explains(&question(user, "sign", VAT_RETURN, company));
    assert_eq!(told.reason, Reason::SubjectPaused);
    assert_eq!(told.barred_by.len(), 1);
    assert!(told.facts.is_empty() && told.misses.is_empty());
    world.system_user_is_deleted(user, company);
    let told = world.explains(&question(user, "sign", VAT_RETURN, company));
    assert_eq!((told.reason, told.barred_by.len()), (Reason::SubjectUnknown, 0));
}

#[test]
fn a_deleted_party_is_named_and_no_other() {
    let (mut world, company, kari) = world();
    let mut gone =
        super::world::facts(fullmakt_events::event::PartyKind::Organization, Some("AS"), None);
    gone.is_deleted = true;
    world.changes(company, gone);
    let told = world.explains(&question(kari, "sign", VAT_RETURN, company));
    assert_eq!(told.reason, Reason::PartyDeleted);
    let [barred] = told.barred_by.as_slice() else { panic!("{:?}", told.barred_by) };
    assert_eq!(barred.stream, fullmakt_events::StreamName::party(company));
}

#[test]
fn nothing_is_told_of_a_resource_without_a_policy() {
    let (mut world, company, kari) = world();
    world.has_no_policy(VAT_RETURN);
    let told = world.explains(&question(kari, "sign", VAT_RETURN, company));
    assert_eq!((told.reason, told.misses.len()), (Reason::NoPolicy, 0));
}
