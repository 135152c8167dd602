//! Asking for a change, and taking it back.

use fullmakt_events::StreamName;

use super::*;
use crate::{
    AuthCode, Seen,
    scenario::{scenario, scenario_at},
};

#[track_caller]
fn refused(
    history: &[AgreementEvent],
    how: impl FnOnce(&mut RequestChange),
    expected: AgreementError,
    code: Option<AuthCode>,
) {
    assert_eq!(expected.code(), code);
    scenario::<Agreement>(history.to_vec()).when(&request(how)).then_refused(expected);
}

fn unknown() -> AgreementError {
    AgreementError::SystemUserNotFound { id: id(1) }
}

fn spent() -> AgreementError {
    AgreementError::CorrelationSpent { id: change_id(900) }
}

#[test]
fn a_vendor_asks_for_a_change_and_claims_its_id_in_the_same_commit() {
    let agreement = scenario::<Agreement>([standard()]);
    agreement.when(&request(|_| ())).then([change_requested()]);
    let claimed = ChangeRequestEvent::Claimed(ChangeRequestClaimed {
        id: change_id(900),
        system: system_id(),
        customer: customer(),
    });
    let outcome = agreement.when_all(|agreement| request_change(agreement, &change()).unwrap());
    assert_eq!(
        outcome,
        [
            (StreamName::change_request(change_id(900)), claimed.into()),
            (StreamName::agreement(&system_id(), customer()), change_requested().into()),
        ]
    );
}

#[test]
fn a_change_request_reads_all_that_it_depends_on() {
    let agreement = Agreement::replay([Recorded { event: &standard(), at: NOW }]);
    let mut command = change();
    command.submitted.required_access_packages = vec![tax()];
    let reads = command.reads(agreement.system_user(id(1)).unwrap());
    assert_eq!(
        reads.into_iter().map(String::from).collect::<Vec<_>>(),
        [
            "agreement/991825827_smartcloud/319900128",
            "change-request/00000000-0000-0000-0000-000000000384",
            "system/991825827_smartcloud",
            "org/319900128",
            &String::from(StreamName::party(customer_party())),
            "catalogue/access-packages",
        ]
    );
}

#[test]
fn the_checks_are_in_the_contracts_order() {
    let code = |error: &AgreementError| error.code();
    // Each case breaks this rule and all that are checked later.
    let all_wrong = |command: &mut RequestChange| {
        command.submitted.required_rights = vec![Right::to("strange", None)];
        command.facts.system = gone(definition());
        command.facts.claim = ChangeRequestClaim::Spent;
    };
    refused(
        &[],
        |command| {
            all_wrong(command);
            command.vendor = None;
        },
        AgreementError::VendorMissing,
        Some(AuthCode::VendorMissing),
    );
    let own_id = ChangeRequestId::new(id(1).uuid());
    refused(
        &[],
        |command| {
            all_wrong(command);
            (command.id, command.vendor) = (own_id, Some(stranger()));
        },
        unknown(),
        Some(AuthCode::SystemUserNotFound),
    );
    refused(
        &[standard()],
        |command| {
            all_wrong(command);
            (command.id, command.vendor) = (own_id, Some(stranger()));
        },
        AgreementError::CorrelationIsSystemUser { id: own_id },
        None,
    );
    refused(
        &[standard()],
        |command| {
            all_wrong(command);
            (command.submitted, command.vendor) = (ChangeSubmission::default(), Some(stranger()));
        },
        AgreementError::SystemUserOfAnotherVendor { id: id(1) },
        None,
    );
    assert_eq!(code(&unknown()), Some(AuthCode::SystemUserNotFound));
}

#[test]
fn nothing_asked_for_is_nothing_whatever_else_is_wrong() {
    let nothing = request(|command| {
        command.submitted = ChangeSubmission::default();
        command.facts = ChangeFacts::default();
    });
    for history in
        [vec![standard()], vec![user(SystemUserKind::Agent)], vec![standard(), change_requested()]]
    {
        scenario::<Agreement>(history).when(&nothing).then_nothing();
    }
}

#[test]
fn the_same_change_request_is_already_there_whatever_was_answered_and_whatever_the_body() {
    for history in [
        vec![standard(), change_requested()],
        vec![standard(), change_requested(), change_rejected()],
        vec![standard(), change_requested(), change_approved()],
    ] {
        let again = request(|command| {
            command.submitted.required_rights = vec![Right::to("strange", None)];
            command.facts.claim = ChangeRequestClaim::Spent;
            command.facts.system = gone(definition());
        });
        scenario::<Agreement>(history).when(&again).then_nothing();
    }
}

#[test]
fn a_repetition_with_another_body_is_told_apart_from_the_same() {
    let events = [standard(), change_requested()];
    let agreement = Agreement::replay(events.iter().map(|event| Recorded { event, at: NOW }));
    let existing = agreement.change_request(change_id(900)).unwrap();
    assert_eq!(existing.differences(&change().submitted), [""; 0]);
    let other = ChangeSubmission {
        unwanted_rights: vec![Right::to("tax-report", None)],
        redirect_url: Some(String::new()),
        ..change().submitted
    };
    assert_eq!(existing.differences(&other), ["unwantedRights", "redirectUrl"]);
}

#[test]
fn a_system_user_that_acts_for_clients_is_not_changed() {
    refused(&[user(SystemUserKind::Agent)], |_| (), unknown(), Some(AuthCode::SystemUserNotFound));
}

#[test]
fn what_is_required_is_the_systems_and_can_be_given_directly() {
    refused(
        &[standard()],
        |command| command.submitted.required_rights = vec![Right::to("strange", None)],
        AgreementError::RightsNotInSystem { rights: vec![Seen::new("strange")] },
        Some(AuthCode::RightNotInSystem),
    );
    let strange = package("jordbruk");
    refused(
        &[standard()],
        |command| command.submitted.required_access_packages = vec![strange.clone()],
        AgreementError::PackagesNotInSystem { packages: vec![Seen::new(strange.as_str())] },
        Some(AuthCode::PackageNotInSystem),
    );
    let payroll = package("regnskapsforer-lonn");
    refused(
        &[standard()],
        |command| command.submitted.required_access_packages = vec![payroll.clone()],
        AgreementError::PackagesNotAssignable { packages: vec![Seen::new(payroll.as_str())] },
        Some(AuthCode::PackageNotForStandard),
    );
    refused(
        &[standard()],
        |command| command.submitted.redirect_url = Some("https://evil.example".to_owned()),
        AgreementError::RedirectUrlNotAllowed { url: Seen::new("https://evil.example") },
        Some(AuthCode::RedirectUrlNotAllowed),
    );
}

#[test]
fn what_is_unwanted_may_be_anything_but_a_national_identity_number() {
    type Change = fn(&mut ChangeSubmission);
    let anything = request(|command| {
        command.submitted.unwanted_rights = vec![Right::to("strange", Some("any"))];
        command.submitted.unwanted_access_packages = vec![package("strange")];
    });
    scenario::<Agreement>([standard()]).when(&anything).events();
    let cases: [(&str, Change); 5] = [
        ("requiredRights", |submitted| {
            submitted.required_rights = vec![Right::to("tax-report", Some(NUMBER))];
        }),
        ("unwantedRights", |submitted| submitted.unwanted_rights = vec![Right::to(NUMBER, None)]),
        ("unwantedRights", |submitted| {
            submitted.unwanted_rights = vec![Right::to("tax-report", Some(NUMBER))];
        }),
        ("unwantedAccessPackages", |submitted| {
            submitted.unwanted_access_packages = vec![package(NUMBER)];
        }),
        ("redirectUrl", |submitted| {
            submitted.redirect_url = Some(format!("https://smartcloud.example/done?id={NUMBER}"));
        }),
    ];
    for (field, how) in cases {
        let error = AgreementError::NationalNumber { field };
        refused(&[standard()], |command| how(&mut command.submitted), error, None);
    }
}

/// Defect 15 of the wire contract's §9: a deleted system still took requests.
#[test]
fn a_deleted_system_and_a_deleted_customer_take_no_change_request() {
    refused(
        &[standard()],
        |command| command.facts.system = gone(definition()),
        AgreementError::SystemNotFound { system: system_id() },
        Some(AuthCode::SystemNotFound),
    );
    for party in [None, Some(PartyFact { party: customer_party(), is_deleted: true })] {
        refused(
            &[standard()],
            |command| command.facts.customer_party = party,
            AgreementError::CustomerNotFound { customer: customer() },
            Some(AuthCode::CustomerNotFound),
        );
    }
}

#[test]
fn one_change_request_waits_at_a_time() {
    let another = |at| request(move |command| (command.id, command.at) = (change_id(901), at));
    let pending = AgreementError::ChangePending { other: change_id(900) };
    assert_eq!(pending.code(), Some(AuthCode::RequestPending));
    let last_moment = NOW.plus_seconds(180 * DAY);
    let waiting = || [(NOW, standard()), (NOW, change_requested())];
    scenario_at::<Agreement>(waiting()).when(&another(NOW)).then_refused(pending.clone());
    scenario_at::<Agreement>(waiting()).when(&another(last_moment)).then_refused(pending);
    scenario_at::<Agreement>(waiting()).when(&another(last_moment.plus_micros(1))).events();
    for end in [change_approved(), change_rejected(), change_withdrawn()] {
        let history = [standard(), change_requested(), end];
        scenario::<Agreement>(history).when(&another(NOW)).events();
    }
}

#[test]
fn a_correlation_id_is_spent_for_ever() {
    let used = |command: &mut RequestChange| command.facts.claim = ChangeRequestClaim::Spent;
    let code = Some(AuthCode::ChangeRequestNotNew);
    // By another customer's change request, by one that was withdrawn.
    refused(&[standard()], used, spent(), code);
    refused(&[standard(), change_requested(), change_withdrawn()], used, spent(), code);
    // By one of another system user of the same customer.
    let AgreementEvent::SystemUserCreated(first) = standard() else { panic!() };
    let second = AgreementEvent::SystemUserCreated(SystemUserCreated {
        id: id(2),
        external_ref: "second".to_owned(),
        ..first
    });
    refused(
        &[standard(), second, change_requested(), change_rejected()],
        |command| {
            used(command);
            command.system_user = id(2);
        },
        spent(),
        code,
    );
    scenario::<ChangeRequestClaim>([ChangeRequestEvent::Claimed(ChangeRequestClaimed {
        id: change_id(900),
        system: system_id(),
        customer: customer(),
    })])
    .when(&ClaimChangeRequest { id: change_id(900), system: system_id(), customer: customer() })
    .then_refused(ClaimError::Spent { id: change_id(900) });
}

/// Defect 1 of the wire contract's §9: any vendor deleted any request whose id it knew.
#[test]
fn only_its_vendor_takes_a_change_request_back() {
    let withdraw =
        |vendor| AgreementCommand::WithdrawChange(WithdrawChange { id: change_id(900), vendor });
    for end in [None, Some(change_approved()), Some(change_rejected())] {
        let history: Vec<_> = [standard(), change_requested()].into_iter().chain(end).collect();
        let agreement = scenario::<Agreement>(history);
        agreement.when(&withdraw(Some(vendor()))).then([change_withdrawn()]);
        agreement
            .when(&withdraw(Some(stranger())))
            .then_refused(AgreementError::SystemNotFound { system: system_id() });
        agreement.when(&withdraw(None)).then_refused(AgreementError::VendorMissing);
    }
    for history in [vec![standard()], vec![standard(), change_requested(), change_withdrawn()]] {
        scenario::<Agreement>(history)
            .when(&withdraw(Some(vendor())))
            .then_refused(AgreementError::ChangeNotFound { id: change_id(900) });
    }
}
