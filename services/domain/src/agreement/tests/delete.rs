//! Deletion: who may, and what ends with a system user.

use fullmakt_events::{
    ChangeRequestId,
    event::{ChangeApproved, ChangeRejected, ChangeRequested, ChangeWithdrawn},
};

use super::*;
use crate::{AuthCode, scenario::scenario};

fn delete(by: Deleter) -> AgreementCommand {
    AgreementCommand::DeleteSystemUser(DeleteSystemUser { id: id(1), by })
}

fn owner(party: PartyId, taken_for: TakenFor) -> AgreementCommand {
    delete(Deleter::Owner { party, by: manager(), taken_for })
}

fn as_agent(facilitator: PartyId) -> TakenFor {
    TakenFor::Agent { facilitator }
}

fn change(number: u128) -> ChangeRequestId {
    ChangeRequestId::new(Uuid::from_u128(number))
}

fn change_requested(number: u128, system_user: u128) -> AgreementEvent {
    AgreementEvent::ChangeRequested(ChangeRequested {
        id: change(number),
        system_user: id(system_user),
        system: system_id(),
        vendor: vendor(),
        customer: customer(),
        customer_party: customer_party(),
        external_ref: "shop".to_owned(),
        required_rights: vec![Right::to("vat-report", None)],
        unwanted_rights: vec![],
        required_access_packages: vec![],
        unwanted_access_packages: vec![],
        redirect_url: None,
    })
}

fn change_withdrawn(number: u128) -> AgreementEvent {
    AgreementEvent::ChangeWithdrawn(ChangeWithdrawn { id: change(number) })
}

#[track_caller]
fn refused(
    history: &[AgreementEvent],
    command: &AgreementCommand,
    expected: AgreementError,
    code: AuthCode,
) {
    assert_eq!(expected.code(), Some(code));
    scenario::<Agreement>(history.to_vec()).when(command).then_refused(expected);
}

#[test]
fn the_owner_deletes_its_system_user_as_what_it_is() {
    use SystemUserKind::{Agent, Standard};
    for (kind, taken_for) in [
        (Standard, TakenFor::Standard),
        (Standard, TakenFor::AnyKind),
        (Agent, as_agent(customer_party())),
        (Agent, TakenFor::AnyKind),
    ] {
        scenario::<Agreement>(with_user(kind))
            .when(&owner(customer_party(), taken_for))
            .then([deleted()]);
    }
}

#[test]
fn the_vendor_deletes_a_system_user_of_its_system_and_no_person_did() {
    for kind in [SystemUserKind::Standard, SystemUserKind::Agent] {
        scenario::<Agreement>(with_user(kind))
            .when(&delete(Deleter::Vendor(vendor())))
            .then([AgreementEvent::SystemUserDeleted(SystemUserDeleted { id: id(1), by: None })]);
    }
}

#[test]
fn another_vendor_does_not_hear_of_a_system_user() {
    refused(
        &with_user(SystemUserKind::Standard),
        &delete(Deleter::Vendor(stranger())),
        AgreementError::SystemUserNotFound { id: id(1) },
        AuthCode::SystemUserNotFound,
    );
}

#[test]
fn a_paused_system_user_can_be_deleted() {
    let mut history = with_user(SystemUserKind::Standard);
    let by = manager();
    history.push(AgreementEvent::SystemUserPaused(SystemUserPaused { id: id(1), by }));
    scenario::<Agreement>(history)
        .when(&owner(customer_party(), TakenFor::Standard))
        .then([deleted()]);
}

#[test]
fn a_deleted_system_user_takes_its_request_with_it_and_its_reference_can_be_used_again() {
    let mut history = with_user(SystemUserKind::Standard);
    history.push(deleted());
    let agreement = scenario::<Agreement>(history);
    agreement.when_all(|agreement| {
        assert_eq!(agreement.system_user(id(1)), None);
        assert_eq!(agreement.request(id(1)), None);
    });
    agreement.when(&create(|command| command.id = id(2))).events();
}

#[test]
fn the_changes_that_wait_for_an_answer_end_with_their_system_user_and_no_other_do() {
    let mut history = with_user(SystemUserKind::Standard);
    history.extend([
        change_requested(1, 1),
        change_requested(2, 1),
        change_requested(3, 1),
        change_requested(4, 1),
        change_requested(5, 1),
        change_requested(6, 9),
        AgreementEvent::ChangeApproved(ChangeApproved { id: change(2), by: manager() }),
        AgreementEvent::ChangeRejected(ChangeRejected { id: change(3), by: manager() }),
        change_withdrawn(4),
    ]);
    for command in [owner(customer_party(), TakenFor::Standard), delete(Deleter::Vendor(vendor()))]
    {
        let events = scenario::<Agreement>(history.clone()).when(&command).events();
        let [before @ .., AgreementEvent::SystemUserDeleted(_)] = events.as_slice() else {
            panic!("{events:?}")
        };
        assert_eq!(before, [change_withdrawn(1), change_withdrawn(5)]);
    }
}

/// Defect 18b of the wire contract's §9: what a deletion took back followed from what the system
/// listed by then.
#[test]
fn a_deletion_takes_back_all_that_was_given_whatever_became_of_it_since() {
    let mut history = with_user(SystemUserKind::Standard);
    history.push(AgreementEvent::SystemUserChanged(SystemUserChanged {
        id: id(1),
        rights: vec![Right::to("vat-report", None)],
        delegated: vec![Right::to("vat-report", Some("read"))],
        access_packages: vec![],
    }));
    // Nothing about the system is asked for: one fact ends the system user and all that it has.
    scenario::<Agreement>(history)
        .when(&owner(customer_party(), TakenFor::Standard))
        .then([deleted()]);
}

/// Defect 16 of the wire contract's §9: a request was removed before it was checked whose it was.
#[test]
fn another_party_deletes_nothing_whatever_the_kind() {
    for kind in [SystemUserKind::Standard, SystemUserKind::Agent] {
        for taken_for in [
            TakenFor::AnyKind,
            TakenFor::Standard,
            as_agent(customer_party()),
            as_agent(other_party()),
        ] {
            refused(
                &with_user(kind),
                &owner(other_party(), taken_for),
                AgreementError::SystemUserNotOwned { id: id(1) },
                AuthCode::SystemUserNotOwned,
            );
        }
    }
}

#[test]
fn a_system_user_of_one_kind_is_not_deleted_as_one_of_the_other() {
    refused(
        &with_user(SystemUserKind::Agent),
        &owner(customer_party(), TakenFor::Standard),
        AgreementError::StandardExpected { id: id(1) },
        AuthCode::StandardExpected,
    );
    refused(
        &with_user(SystemUserKind::Standard),
        &owner(customer_party(), as_agent(customer_party())),
        AgreementError::AgentExpected { id: id(1) },
        AuthCode::AgentExpected,
    );
}

#[test]
fn the_party_that_acts_for_clients_is_the_owner() {
    refused(
        &with_user(SystemUserKind::Agent),
        &owner(customer_party(), as_agent(other_party())),
        AgreementError::FacilitatorDiffers { id: id(1), facilitator: other_party() },
        AuthCode::FacilitatorDiffers,
    );
}

#[test]
fn what_is_not_there_cannot_be_deleted() {
    let mut gone = with_user(SystemUserKind::Standard);
    gone.push(deleted());
    for history in [vec![], vec![created()], gone] {
        for command in [
            owner(customer_party(), TakenFor::Standard),
            owner(customer_party(), as_agent(customer_party())),
            delete(Deleter::Vendor(vendor())),
        ] {
            refused(
                &history,
                &command,
                AgreementError::SystemUserNotFound { id: id(1) },
                AuthCode::SystemUserNotFound,
            );
        }
    }
}
