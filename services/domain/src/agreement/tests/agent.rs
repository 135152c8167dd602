//! Requests for system users that act for clients: what differs from standard ones.

use super::*;
use crate::{
    AuthCode, Seen,
    scenario::{scenario, scenario_at},
};

fn payroll() -> PackageUrn {
    package("regnskapsforer-lonn")
}

fn ask(change: impl FnOnce(&mut CreateRequest)) -> AgreementCommand {
    create(|command| {
        command.kind = SystemUserKind::Agent;
        command.submitted.rights = None;
        change(command);
    })
}

fn approve_agent(change: impl FnOnce(&mut ApproveRequest)) -> AgreementCommand {
    approve(|command| {
        command.kind = SystemUserKind::Agent;
        command.facts.delegation = DelegationCheck::default();
        change(command);
    })
}

fn reject_agent(party: PartyId, at: Timestamp) -> AgreementCommand {
    let kind = SystemUserKind::Agent;
    AgreementCommand::Reject(RejectRequest { id: id(1), kind, at, party, by: manager() })
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
fn a_vendor_asks_for_a_system_user_that_acts_for_clients() {
    scenario::<Agreement>([]).when(&ask(|_| ())).then([agent_created()]);
}

#[test]
fn rights_are_not_asked_for_and_not_looked_at() {
    let with_rights = ask(|command| {
        command.submitted.rights = Some(vec![Right::to("strange", None)]);
    });
    scenario::<Agreement>([]).when(&with_rights).then([agent_created()]);
}

#[test]
fn step_3_a_system_user_of_either_kind_has_the_reference() {
    for kind in [SystemUserKind::Standard, SystemUserKind::Agent] {
        refused(
            &[user(kind)],
            &ask(|command| command.id = id(2)),
            AgreementError::SystemUserExists { external_ref: Seen::new("shop") },
            AuthCode::SystemUserExists,
        );
    }
}

#[test]
fn step_4_the_same_request_is_already_there_whatever_was_answered() {
    for history in [vec![agent_created()], vec![agent_created(), rejected()]] {
        scenario::<Agreement>(history).when(&ask(|command| command.id = id(2))).then_nothing();
    }
}

#[test]
fn step_6_a_standard_request_has_the_reference() {
    for (history, standing, code) in [
        (vec![created()], Standing::New, AuthCode::RequestPending),
        (vec![created(), rejected()], Standing::Rejected, AuthCode::RequestRejected),
        (vec![created(), approved()], Standing::Accepted, AuthCode::RequestAccepted),
    ] {
        refused(
            &history,
            &ask(|command| command.id = id(2)),
            AgreementError::ReferenceInUse { external_ref: Seen::new("shop"), standing },
            code,
        );
    }
}

#[test]
fn step_10_at_least_one_package_is_asked_for() {
    for packages in [None, Some(vec![])] {
        refused(
            &[],
            &ask(|command| command.submitted.access_packages = packages),
            AgreementError::PackageMissing,
            AuthCode::AgentNeedsPackage,
        );
    }
}

#[test]
fn step_12_packages_are_among_the_systems() {
    let strange = package("jordbruk");
    refused(
        &[],
        &ask(|command| command.submitted.access_packages = Some(vec![tax(), strange.clone()])),
        AgreementError::PackagesNotInSystem { packages: vec![Seen::new(strange.as_str())] },
        AuthCode::PackageNotInSystem,
    );
}

#[test]
fn step_13_packages_can_be_passed_on_and_need_not_be_given_directly() {
    let of_accountant = ask(|command| command.submitted.access_packages = Some(vec![payroll()]));
    let events = scenario::<Agreement>([]).when(&of_accountant).events();
    let [AgreementEvent::RequestCreated(request)] = events.as_slice() else { panic!() };
    assert_eq!(request.access_packages, [payroll()]);

    refused(
        &[],
        &ask(|command| {
            let fact = PackageFact { is_assignable: true, is_delegable: false };
            command.facts.packages.insert(tax(), fact);
        }),
        AgreementError::PackagesNotForAgent { packages: vec![Seen::new(tax().as_str())] },
        AuthCode::PackageNotForAgent,
    );
    refused(
        &[],
        &ask(|command| command.facts.packages.clear()),
        AgreementError::PackagesNotForAgent { packages: vec![Seen::new(tax().as_str())] },
        AuthCode::PackageNotForAgent,
    );
}

#[test]
fn whoever_approves_needs_none_of_the_packages_and_nothing_is_delegated_yet() {
    let AgreementEvent::SystemUserCreated(standard) = user(SystemUserKind::Agent) else { panic!() };
    let agent = SystemUserCreated { rights: vec![], delegated: vec![], ..standard };
    scenario::<Agreement>([agent_created()])
        .when(&approve_agent(|_| ()))
        .then([approved(), AgreementEvent::SystemUserCreated(agent)]);
}

#[test]
fn what_the_system_and_the_catalogue_have_now_counts() {
    refused(
        &[agent_created()],
        &approve_agent(|command| command.facts.system = gone(definition())),
        AgreementError::SystemNotFound { system: system_id() },
        AuthCode::SystemNotFound,
    );
    refused(
        &[agent_created()],
        &approve_agent(|command| {
            let system = SystemDefinition { access_packages: vec![payroll()], ..definition() };
            command.facts.system = active(system);
        }),
        AgreementError::PackagesNotInSystem { packages: vec![Seen::new(tax().as_str())] },
        AuthCode::PackageNotInSystem,
    );
    refused(
        &[agent_created()],
        &approve_agent(|command| command.facts.packages.clear()),
        AgreementError::PackagesNotForAgent { packages: vec![Seen::new(tax().as_str())] },
        AuthCode::PackageNotForAgent,
    );
}

#[test]
fn what_is_not_there_cannot_be_answered() {
    for command in [approve_agent(|_| ()), reject_agent(customer_party(), NOW)] {
        for history in [vec![], vec![agent_created(), withdrawn()]] {
            refused(
                &history,
                &command,
                AgreementError::AgentRequestNotFound { id: id(1) },
                AuthCode::AgentRequestNotFound,
            );
        }
    }
}

#[test]
fn another_party_cannot_answer_and_does_not_learn_the_kind() {
    for history in [vec![agent_created()], vec![created()], vec![agent_created(), rejected()]] {
        for command in [
            approve_agent(|command| command.party = other_party()),
            reject_agent(other_party(), NOW),
        ] {
            refused(
                &history,
                &command,
                AgreementError::AgentRequestOfAnotherParty { id: id(1) },
                AuthCode::AgentRequestOfAnotherParty,
            );
        }
    }
}

#[test]
fn a_standard_request_is_not_answered_as_one_for_an_agent() {
    for command in [approve_agent(|_| ()), reject_agent(customer_party(), NOW)] {
        refused(
            &[created()],
            &command,
            AgreementError::AgentRequestExpected { id: id(1) },
            AuthCode::AgentRequestExpected,
        );
    }
}

#[test]
fn a_request_is_rejected_for_180_days_and_not_a_moment_longer() {
    let last_moment = NOW.plus_seconds(180 * DAY);
    let history = || [(NOW, agent_created())];
    scenario_at::<Agreement>(history())
        .when(&reject_agent(customer_party(), last_moment))
        .then([rejected()]);
    for command in [
        reject_agent(customer_party(), last_moment.plus_micros(1)),
        approve_agent(|command| command.at = last_moment.plus_micros(1)),
    ] {
        scenario_at::<Agreement>(history()).when(&command).then_refused(
            AgreementError::RequestNotNew { id: id(1), standing: Standing::TimedOut },
        );
    }
}

#[test]
fn a_repetition_with_another_body_is_told_apart_from_the_same() {
    let agreement = Agreement::replay([Recorded { event: &agent_created(), at: NOW }]);
    let request = agreement.request(id(1)).unwrap();
    let mut submitted = creation().submitted;
    submitted.rights = None;
    assert_eq!(request.differences(&submitted), [""; 0]);
    submitted.integration_title = Some("Our other shop".to_owned());
    submitted.access_packages = Some(vec![payroll()]);
    submitted.redirect_url = None;
    assert_eq!(
        request.differences(&submitted),
        ["integrationTitle", "accessPackages", "redirectUrl"]
    );
}
