use fullmakt_events::event::SystemUserDeleted;

use super::*;
use crate::testing::{
    PAYROLL_REPORT, VAT_RETURN, company, created, fold, party, published, records, system_user,
};

#[test]
fn resources_with_a_policy_are_gone_through_in_order() {
    let generation = fold().generations().current();
    let after = |after: Option<&str>| -> Vec<String> {
        let after = after.map(|after| after.parse().unwrap());
        generation.index.resources_after(after).map(ToString::to_string).collect()
    };
    assert_eq!(after(None), [PAYROLL_REPORT, VAT_RETURN]);
    assert_eq!(after(Some(PAYROLL_REPORT)), [VAT_RETURN]);
    assert_eq!(after(Some("demo-q")), [VAT_RETURN]);
    assert!(after(Some(VAT_RETURN)).is_empty());
}

#[test]
fn a_resource_without_a_policy_is_passed_over() {
    let mut fold = fold();
    let next = fold.generations().current().graph.position().get() + 1;
    let mut events = vec![created("another", "991825827")];
    fullmakt_ledger::Fold::apply(&mut fold, &records(next, events.clone()));
    assert_eq!(fold.generations().current().index.resources_after(None).count(), 2);
    events = vec![published("another", "<Policy/>")];
    fullmakt_ledger::Fold::apply(&mut fold, &records(next + 1, events));
    assert_eq!(fold.generations().current().index.resources_after(None).count(), 3);
}

#[test]
fn system_users_are_those_of_their_owner_until_they_are_deleted() {
    let mut fold = fold();
    let before = fold.generations().current();
    let of = |generation: &crate::Generation,
              owner: PartyId,
              after: Option<SystemUserId>|
     -> Vec<_> { generation.index.system_users_after(owner, after).collect() };
    assert_eq!(of(&before, company(), None), [system_user()]);
    assert!(of(&before, company(), Some(system_user())).is_empty());
    assert!(of(&before, party(1), None).is_empty());
    let deleted =
        AgreementEvent::SystemUserDeleted(SystemUserDeleted { id: system_user(), by: None });
    let next = before.graph.position().get() + 1;
    fullmakt_ledger::Fold::apply(&mut fold, &records(next, vec![deleted.into()]));
    assert!(of(&fold.generations().current(), company(), None).is_empty());
    assert_eq!(of(&before, company(), None), [system_user()], "the generation before still has it");
}
