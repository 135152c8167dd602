//! Rejection, withdrawal and deletion, of standard requests and their system users.

use super::*;
use crate::{
    AuthCode,
    scenario::{scenario, scenario_at},
};

fn rejection() -> RejectRequest {
    RejectRequest {
        id: id(1),
        kind: SystemUserKind::Standard,
        at: NOW,
        party: customer_party(),
        by: manager(),
    }
}

fn reject(command: RejectRequest) -> AgreementCommand {
    AgreementCommand::Reject(command)
}

fn withdraw(vendor: Option<OrgNumber>) -> AgreementCommand {
    AgreementCommand::Withdraw(WithdrawRequest { id: id(1), vendor })
}

fn delete(party: PartyId) -> AgreementCommand {
    AgreementCommand::DeleteSystemUser(DeleteSystemUser { id: id(1), party, by: manager() })
}

fn with_user(kind: SystemUserKind) -> Vec<AgreementEvent> {
    vec![created(), approved(), user(kind)]
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
fn a_new_request_is_rejected() {
    scenario::<Agreement>([created()]).when(&reject(rejection())).then([rejected()]);
}

#[test]
fn another_party_cannot_reject() {
    refused(
        &[created()],
        &reject(RejectRequest { party: other_party(), ..rejection() }),
        AgreementError::RequestOfAnotherParty { id: id(1) },
        AuthCode::RequestOfAnotherParty,
    );
}

#[test]
fn what_is_not_there_or_of_the_other_kind_cannot_be_rejected() {
    for history in [vec![], vec![agent_created()]] {
        refused(
            &history,
            &reject(rejection()),
            AgreementError::RequestNotFound { id: id(1) },
            AuthCode::RequestNotFound,
        );
    }
}

#[test]
fn an_answered_request_cannot_be_rejected() {
    for (history, standing) in [
        (vec![created(), rejected()], Standing::Rejected),
        (with_user(SystemUserKind::Standard), Standing::Accepted),
    ] {
        refused(
            &history,
            &reject(rejection()),
            AgreementError::RequestNotNew { id: id(1), standing },
            AuthCode::RequestNotNew,
        );
    }
}

#[test]
fn a_request_that_timed_out_cannot_be_rejected() {
    let at = NOW.plus_seconds(180 * DAY).plus_micros(1);
    scenario_at::<Agreement>([(NOW, created())])
        .when(&reject(RejectRequest { at, ..rejection() }))
        .then_refused(AgreementError::RequestNotNew { id: id(1), standing: Standing::TimedOut });
}

#[test]
fn a_vendor_withdraws_its_request_of_either_kind_whatever_was_answered() {
    for history in [vec![created()], vec![agent_created()], vec![created(), rejected()]] {
        scenario::<Agreement>(history).when(&withdraw(Some(vendor()))).then([withdrawn()]);
    }
}

#[test]
fn a_withdrawn_request_vanishes_and_its_reference_can_be_used_again() {
    let again = create(|command| command.id = id(2));
    let agreement = scenario::<Agreement>([created(), rejected(), withdrawn()]);
    assert!(agreement.when_all(|agreement| agreement.request(id(1)).is_none()));
    let events = agreement.when(&again).events();
    let [AgreementEvent::RequestCreated(request)] = events.as_slice() else { panic!() };
    assert_eq!((request.id, request.external_ref.as_str()), (id(2), "shop"));
}

#[test]
fn a_withdrawn_request_leaves_its_system_user_alone() {
    let mut history = with_user(SystemUserKind::Standard);
    history.push(withdrawn());
    scenario::<Agreement>(history)
        .when_all(|agreement| assert!(agreement.system_user(id(1)).is_some()));
}

#[test]
fn another_vendor_cannot_withdraw() {
    refused(
        &[created()],
        &withdraw(Some(stranger())),
        AgreementError::SystemNotFound { system: system_id() },
        AuthCode::SystemNotFound,
    );
    refused(&[created()], &withdraw(None), AgreementError::VendorMissing, AuthCode::VendorMissing);
}

#[test]
fn what_is_not_there_cannot_be_withdrawn() {
    for history in [vec![], vec![created(), withdrawn()]] {
        refused(
            &history,
            &withdraw(Some(vendor())),
            AgreementError::RequestNotFound { id: id(1) },
            AuthCode::RequestNotFound,
        );
    }
}

#[test]
fn the_owner_deletes_its_system_user() {
    scenario::<Agreement>(with_user(SystemUserKind::Standard))
        .when(&delete(customer_party()))
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
fn another_party_cannot_delete_whatever_the_kind() {
    for kind in [SystemUserKind::Standard, SystemUserKind::Agent] {
        refused(
            &with_user(kind),
            &delete(other_party()),
            AgreementError::SystemUserNotOwned { id: id(1) },
            AuthCode::SystemUserNotOwned,
        );
    }
}

#[test]
fn a_system_user_that_acts_for_clients_is_not_deleted_as_a_standard_one() {
    refused(
        &with_user(SystemUserKind::Agent),
        &delete(customer_party()),
        AgreementError::StandardExpected { id: id(1) },
        AuthCode::StandardExpected,
    );
}

#[test]
fn what_is_not_there_cannot_be_deleted() {
    let mut gone = with_user(SystemUserKind::Standard);
    gone.push(deleted());
    for history in [vec![], vec![created()], gone] {
        refused(
            &history,
            &delete(customer_party()),
            AgreementError::SystemUserNotFound { id: id(1) },
            AuthCode::SystemUserNotFound,
        );
    }
}
