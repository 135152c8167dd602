//! Approval: who may, when, and exactly what the system user gets.

use super::*;
use crate::{
    AuthCode, Seen,
    scenario::{scenario, scenario_at},
};

#[track_caller]
fn refused(
    history: &[AgreementEvent],
    change: impl FnOnce(&mut ApproveRequest),
    expected: AgreementError,
    code: AuthCode,
) {
    assert_eq!(expected.code(), Some(code));
    scenario::<Agreement>(history.to_vec()).when(&approve(change)).then_refused(expected);
}

/// What is delegated when these rights were asked for.
#[track_caller]
fn delegated_for(rights: Vec<Right>) -> Vec<Right> {
    let request = RequestCreated { rights, ..request(SystemUserKind::Standard) };
    let events = scenario::<Agreement>([AgreementEvent::RequestCreated(request)])
        .when(&approve(|_| ()))
        .events();
    let [_, AgreementEvent::SystemUserCreated(user)] = events.as_slice() else { panic!() };
    user.delegated.clone()
}

#[test]
fn an_approved_request_has_a_system_user_with_its_id_and_exactly_what_was_asked() {
    scenario::<Agreement>([created()])
        .when(&approve(|_| ()))
        .then([approved(), user(SystemUserKind::Standard)]);
}

#[test]
fn an_approval_reads_all_that_it_depends_on() {
    let reads = ApproveRequest::reads(&request(SystemUserKind::Standard));
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
fn a_right_that_names_an_action_gives_that_action_only() {
    let read = [Right::to("tax-report", Some("read"))];
    for action in ["read", "READ"] {
        assert_eq!(delegated_for(vec![Right::to("tax-report", Some(action))]), read);
    }
}

#[test]
fn a_right_that_names_no_action_gives_every_action_that_can_be_delegated() {
    assert_eq!(
        delegated_for(vec![Right::to("vat-report", None)]),
        [Right::to("vat-report", Some("read")), Right::to("vat-report", Some("submit"))]
    );
}

#[test]
fn an_action_is_delegated_once() {
    assert_eq!(
        delegated_for(vec![Right::to("tax-report", None), Right::to("tax-report", Some("read"))]),
        [Right::to("tax-report", Some("read")), Right::to("tax-report", Some("write"))]
    );
}

#[test]
fn an_unknown_request_and_one_of_the_other_kind_are_not_found() {
    for history in [vec![], vec![agent_created()], vec![created(), withdrawn()]] {
        refused(
            &history,
            |_| (),
            AgreementError::RequestNotFound { id: id(1) },
            AuthCode::RequestNotFound,
        );
    }
}

#[test]
fn another_party_cannot_approve_whatever_the_request_stands_at() {
    for history in [vec![created()], vec![created(), rejected()]] {
        refused(
            &history,
            |command| command.party = other_party(),
            AgreementError::RequestOfAnotherParty { id: id(1) },
            AuthCode::RequestOfAnotherParty,
        );
    }
}

#[test]
fn an_answered_request_cannot_be_approved() {
    for (history, standing) in [
        (vec![created(), rejected()], Standing::Rejected),
        (vec![created(), approved(), user(SystemUserKind::Standard)], Standing::Accepted),
    ] {
        refused(
            &history,
            |_| (),
            AgreementError::RequestNotNew { id: id(1), standing },
            AuthCode::RequestNotNew,
        );
    }
}

#[test]
fn a_request_can_be_approved_for_180_days_and_not_a_moment_longer() {
    let last_moment = NOW.plus_seconds(180 * DAY);
    let history = || [(NOW, created())];
    scenario_at::<Agreement>(history())
        .when(&approve(|command| command.at = last_moment))
        .then([approved(), user(SystemUserKind::Standard)]);
    scenario_at::<Agreement>(history())
        .when(&approve(|command| command.at = last_moment.plus_micros(1)))
        .then_refused(AgreementError::RequestNotNew { id: id(1), standing: Standing::TimedOut });
}

#[test]
fn no_second_system_user_gets_the_reference() {
    let other = RequestCreated { id: id(2), ..request(SystemUserKind::Standard) };
    refused(
        &[user(SystemUserKind::Agent), AgreementEvent::RequestCreated(other)],
        |command| command.id = id(2),
        AgreementError::SystemUserExists { external_ref: Seen::new("shop") },
        AuthCode::SystemUserExists,
    );
}

#[test]
fn what_the_system_has_now_counts() {
    refused(
        &[created()],
        |command| command.facts.system = gone(definition()),
        AgreementError::SystemNotFound { system: system_id() },
        AuthCode::SystemNotFound,
    );
    refused(
        &[created()],
        |command| {
            let rights = vec![Right::to("vat-report", None)];
            command.facts.system = active(SystemDefinition { rights, ..definition() });
        },
        AgreementError::RightsNotInSystem { rights: vec![Seen::new("tax-report")] },
        AuthCode::RightNotInSystem,
    );
    refused(
        &[created()],
        |command| {
            let system = SystemDefinition { access_packages: vec![], ..definition() };
            command.facts.system = active(system);
        },
        AgreementError::PackagesNotInSystem { packages: vec![Seen::new(tax().as_str())] },
        AuthCode::PackageNotInSystem,
    );
    refused(
        &[created()],
        |command| command.facts.packages.clear(),
        AgreementError::PackagesNotAssignable { packages: vec![Seen::new(tax().as_str())] },
        AuthCode::PackageNotForStandard,
    );
}

#[test]
fn every_reason_why_a_right_cannot_be_delegated_has_its_code() {
    use DelegationRefusal as Reason;
    for (reason, number) in [
        (Reason::Unknown, 14),
        (Reason::MissingRoleAccess, 16),
        (Reason::MissingDelegationAccess, 18),
        (Reason::MissingResourceRight, 19),
        (Reason::AuthenticationLevelTooLow, 20),
        (Reason::MissingPackageAccess, 68),
        (Reason::AccessListRefused, 69),
        (Reason::ResourceNotDelegable, 70),
        (Reason::ResourceIsMaskinportenSchema, 71),
    ] {
        assert_eq!(reason.code().number(), number);
        let resource = Seen::new("tax-report");
        for (delegation, action) in [
            (ResourceDelegation::Refused(reason), None),
            (
                ResourceDelegation::Actions(BTreeMap::from([
                    ("read".to_owned(), ActionDelegation::Refused(reason)),
                    ("write".to_owned(), ActionDelegation::Delegable),
                ])),
                Some(Seen::new("read")),
            ),
        ] {
            refused(
                &[created()],
                |command| {
                    let resources = &mut command.facts.delegation.resources;
                    resources.insert("tax-report".to_owned(), delegation);
                },
                AgreementError::RightNotDelegable { resource: resource.clone(), action, reason },
                reason.code(),
            );
        }
    }
}

#[test]
fn what_the_delegation_check_does_not_mention_cannot_be_delegated() {
    let unknown = AgreementError::RightNotDelegable {
        resource: Seen::new("tax-report"),
        action: Some(Seen::new("read")),
        reason: DelegationRefusal::Unknown,
    };
    let without: [fn(&mut DelegationCheck); 2] = [
        |check| check.resources.clear(),
        |check| {
            let nothing = ResourceDelegation::Actions(BTreeMap::new());
            check.resources.insert("tax-report".to_owned(), nothing);
        },
    ];
    for change in without {
        refused(
            &[created()],
            |command| change(&mut command.facts.delegation),
            unknown.clone(),
            AuthCode::DelegationUnknown,
        );
    }
}

#[test]
fn the_approver_may_delegate_every_package() {
    refused(
        &[created()],
        |command| command.facts.delegation.packages.clear(),
        AgreementError::PackagesNotDelegable { packages: vec![Seen::new(tax().as_str())] },
        AuthCode::PackageNotDelegable,
    );
}
