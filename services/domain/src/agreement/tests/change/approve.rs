//! The customer's answer to a change request: who gives it, when, and what follows.

use super::*;
use crate::{
    AuthCode, Seen,
    scenario::{scenario, scenario_at},
};

fn reject(party: PartyId, at: Timestamp) -> AgreementCommand {
    let id = change_id(900);
    AgreementCommand::RejectChange(RejectChange { id, at, party, by: manager() })
}

fn changed() -> SystemUserChanged {
    SystemUserChanged {
        id: id(1),
        rights: vec![
            Right::to("tax-report", Some("read")),
            Right::to("vat-report", Some("submit")),
        ],
        delegated: vec![
            Right::to("tax-report", Some("read")),
            Right::to("vat-report", Some("submit")),
        ],
        access_packages: vec![],
    }
}

#[track_caller]
fn refused(how: impl FnOnce(&mut ApproveChange), expected: AgreementError, code: AuthCode) {
    assert_eq!(expected.code(), Some(code));
    scenario::<Agreement>([standard(), change_requested()])
        .when(&approve(how))
        .then_refused(expected);
}

/// Defect 7 of the wire contract's §9: a change was written piece by piece.
#[test]
fn an_approved_change_is_one_fact_with_all_that_the_system_user_has_from_then_on() {
    scenario::<Agreement>([standard(), change_requested()])
        .when(&approve(|_| ()))
        .then([change_approved(), AgreementEvent::SystemUserChanged(changed())]);
}

#[test]
fn an_approval_reads_all_that_it_depends_on() {
    let mut requested = requested();
    requested.required_access_packages = vec![tax()];
    let reads = ApproveChange::reads(&requested);
    assert_eq!(
        reads.into_iter().map(String::from).collect::<Vec<_>>(),
        [
            "agreement/991825827_smartcloud/319900128",
            "system/991825827_smartcloud",
            "catalogue/access-packages",
        ]
    );
}

#[test]
fn what_is_there_already_is_not_given_again_and_what_is_not_there_is_not_missed() {
    let idle = ChangeRequested {
        required_rights: vec![Right::to("tax-report", Some("READ"))],
        unwanted_rights: vec![Right::to("vat-report", None), Right::to("strange", None)],
        required_access_packages: vec![tax()],
        unwanted_access_packages: vec![package("jordbruk")],
        ..requested()
    };
    // Whoever approves need not be able to give what is not given.
    let approve = approve(|command| command.facts.delegation = DelegationCheck::default());
    scenario::<Agreement>([standard(), AgreementEvent::ChangeRequested(idle)])
        .when(&approve)
        .then([change_approved()]);
}

#[test]
fn where_one_part_cannot_be_given_nothing_is() {
    refused(
        |command| {
            let refused = ResourceDelegation::Refused(DelegationRefusal::ResourceNotDelegable);
            command.facts.delegation.resources.insert("vat-report".to_owned(), refused);
        },
        AgreementError::RightNotDelegable {
            resource: Seen::new("vat-report"),
            action: None,
            reason: DelegationRefusal::ResourceNotDelegable,
        },
        AuthCode::ResourceNotDelegable,
    );
    let with_package = ChangeRequested {
        required_access_packages: vec![package("other"), tax()],
        unwanted_access_packages: vec![],
        ..requested()
    };
    let error = AgreementError::PackagesNotDelegable {
        packages: vec![Seen::new(package("other").as_str())],
    };
    scenario::<Agreement>([standard(), AgreementEvent::ChangeRequested(with_package)])
        .when(&approve(|command| {
            let access_packages = vec![tax(), package("other")];
            command.facts.system = active(SystemDefinition { access_packages, ..definition() });
            let fact = PackageFact { is_assignable: true, is_delegable: true };
            command.facts.packages.insert(package("other"), fact);
        }))
        .then_refused(error);
}

#[test]
fn what_the_system_has_now_counts() {
    refused(
        |command| command.facts.system = gone(definition()),
        AgreementError::SystemNotFound { system: system_id() },
        AuthCode::SystemNotFound,
    );
    refused(
        |command| {
            let rights = vec![Right::to("tax-report", None)];
            command.facts.system = active(SystemDefinition { rights, ..definition() });
        },
        AgreementError::RightsNotInSystem { rights: vec![Seen::new("vat-report")] },
        AuthCode::RightNotInSystem,
    );
}

/// Defect 2 of the wire contract's §9: a manager of any party decided a change request.
#[test]
fn only_the_party_that_was_asked_answers() {
    refused(
        |command| command.party = other_party(),
        AgreementError::ChangeOfAnotherParty { id: change_id(900) },
        AuthCode::RequestOfAnotherParty,
    );
    scenario::<Agreement>([standard(), change_requested()])
        .when(&reject(other_party(), NOW))
        .then_refused(AgreementError::ChangeOfAnotherParty { id: change_id(900) });
}

#[test]
fn a_change_request_is_rejected_and_nothing_changes() {
    let agreement = scenario::<Agreement>([standard(), change_requested()]);
    agreement.when(&reject(customer_party(), NOW)).then([change_rejected()]);
}

#[test]
fn an_answered_change_request_is_not_answered_again() {
    for (end, standing) in
        [(change_approved(), Standing::Accepted), (change_rejected(), Standing::Rejected)]
    {
        let error = AgreementError::ChangeNotNew { id: change_id(900), standing };
        assert_eq!(error.code(), Some(AuthCode::ChangeRequestNotNew));
        let agreement = scenario::<Agreement>([standard(), change_requested(), end]);
        agreement.when(&approve(|_| ())).then_refused(error.clone());
        agreement.when(&reject(customer_party(), NOW)).then_refused(error);
    }
}

/// Defect 9 of the wire contract's §9: that a request had timed out was shown, and did not matter.
#[test]
fn a_change_request_is_answered_for_180_days_and_not_a_moment_longer() {
    let last_moment = NOW.plus_seconds(180 * DAY);
    let late = last_moment.plus_micros(1);
    let agreement = scenario_at::<Agreement>([(NOW, standard()), (NOW, change_requested())]);
    agreement.when(&approve(|command| command.at = last_moment)).events();
    let error = AgreementError::ChangeNotNew { id: change_id(900), standing: Standing::TimedOut };
    agreement.when(&approve(|command| command.at = late)).then_refused(error.clone());
    agreement.when(&reject(customer_party(), late)).then_refused(error);
}

#[test]
fn what_is_not_there_is_not_answered() {
    for history in [vec![standard()], vec![standard(), change_requested(), change_withdrawn()]] {
        let error = AgreementError::ChangeNotFound { id: change_id(900) };
        assert_eq!(error.code(), Some(AuthCode::RequestNotFound));
        let agreement = scenario::<Agreement>(history);
        agreement.when(&approve(|_| ())).then_refused(error.clone());
        agreement.when(&reject(customer_party(), NOW)).then_refused(error);
    }
}

#[test]
fn a_system_user_that_is_gone_is_not_changed() {
    let AgreementEvent::SystemUserDeleted(gone) = deleted() else { panic!() };
    scenario::<Agreement>([
        standard(),
        change_requested(),
        AgreementEvent::SystemUserDeleted(gone),
    ])
    .when(&approve(|_| ()))
    .refusal();
}
