//! What is left of a system user when a change takes rights.

use super::*;
use crate::scenario::scenario;

fn word(resource: &str, action: Option<&str>) -> Right {
    Right::to(resource, action)
}

/// What a system user with these rights has after a change, in words and delegated.
#[track_caller]
fn after(
    (rights, delegated): (Vec<Right>, Vec<Right>),
    required: Vec<Right>,
    unwanted: Vec<Right>,
) -> (Vec<Right>, Vec<Right>) {
    let AgreementEvent::SystemUserCreated(held) = standard() else { panic!() };
    let history = [
        AgreementEvent::SystemUserCreated(SystemUserCreated { rights, delegated, ..held }),
        AgreementEvent::ChangeRequested(ChangeRequested {
            required_rights: required,
            unwanted_rights: unwanted,
            unwanted_access_packages: vec![],
            ..requested()
        }),
    ];
    let events = scenario::<Agreement>(history).when(&approve(|_| ())).events();
    let [_, AgreementEvent::SystemUserChanged(changed)] = events.as_slice() else {
        panic!("{events:?}")
    };
    (changed.rights.clone(), changed.delegated.clone())
}

fn all_of_vat() -> (Vec<Right>, Vec<Right>) {
    let delegated = vec![word("vat-report", Some("read")), word("vat-report", Some("submit"))];
    (vec![word("vat-report", None)], delegated)
}

#[test]
fn an_unwanted_resource_goes_with_all_its_actions() {
    let (rights, delegated) = after(all_of_vat(), vec![], vec![word("vat-report", None)]);
    assert_eq!((rights, delegated), (vec![], vec![]));
}

#[test]
fn an_unwanted_action_goes_alone_and_the_words_say_what_is_left() {
    let (rights, delegated) = after(all_of_vat(), vec![], vec![word("vat-report", Some("READ"))]);
    let left = vec![word("vat-report", Some("submit"))];
    assert_eq!((rights, delegated), (left.clone(), left));
}

#[test]
fn what_was_taken_can_be_given_back() {
    let left = vec![word("vat-report", Some("submit"))];
    let all = vec![word("vat-report", None)];
    let (rights, delegated) = after((left.clone(), left.clone()), all.clone(), vec![]);
    assert_eq!(rights, [left, all].concat());
    assert_eq!(delegated, all_of_vat().1);
}

#[test]
fn what_is_required_and_unwanted_is_not_there_afterwards() {
    let read = vec![word("tax-report", Some("read"))];
    let (rights, delegated) = after(
        all_of_vat(),
        read.clone(),
        vec![word("tax-report", None), word("vat-report", Some("read"))],
    );
    let left = vec![word("vat-report", Some("submit"))];
    assert_eq!((rights, delegated), (left.clone(), left));

    // All of a resource but one action.
    let (rights, delegated) = after((vec![], vec![]), vec![word("tax-report", None)], read);
    let left = vec![word("tax-report", Some("write"))];
    assert_eq!((rights, delegated), (left.clone(), left));
}

#[test]
fn a_change_says_what_it_comes_to_before_it_is_approved() {
    let events = [standard()];
    let agreement = Agreement::replay(events.iter().map(|event| Recorded { event, at: NOW }));
    let user = agreement.system_user(id(1)).unwrap();
    let request = ChangeRequested {
        required_rights: vec![
            word("tax-report", Some("read")),
            word("vat-report", None),
            word("vat-report", None),
        ],
        unwanted_rights: vec![word("tax-report", None), word("strange", None)],
        required_access_packages: vec![tax(), package("other")],
        unwanted_access_packages: vec![package("strange")],
        ..requested()
    };
    let change = Change::of(&request, user);
    assert_eq!(change.missing_rights, [word("vat-report", None)]);
    assert_eq!(change.surplus_rights, [word("tax-report", None)]);
    assert_eq!(change.missing_packages, [package("other")]);
    assert!(change.surplus_packages.is_empty());
    assert!(!change.is_nothing());

    let idle = ChangeRequested {
        required_rights: vec![word("tax-report", Some("read"))],
        unwanted_access_packages: vec![],
        ..self::requested()
    };
    assert!(Change::of(&idle, user).is_nothing());
}
