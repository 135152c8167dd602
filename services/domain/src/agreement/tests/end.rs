//! Rejection and withdrawal.

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
