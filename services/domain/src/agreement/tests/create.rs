//! Creation, in the order of the wire contract's steps.

use fullmakt_events::StreamName;

use super::*;
use crate::{
    AuthCode, Seen,
    scenario::{scenario, scenario_at},
};

fn refused(
    history: &[AgreementEvent],
    change: impl FnOnce(&mut CreateRequest),
    expected: AgreementError,
    code: AuthCode,
) {
    assert_eq!(expected.code(), Some(code));
    scenario::<Agreement>(history.to_vec()).when(&create(change)).then_refused(expected);
}

fn not_found() -> AgreementError {
    AgreementError::SystemNotFound { system: system_id() }
}

#[test]
fn a_vendor_asks_a_customer_for_a_system_user() {
    scenario::<Agreement>([]).when(&create(|_| ())).then([created()]);
}

#[test]
fn a_request_reads_all_that_it_depends_on() {
    let reads: Vec<_> = creation().reads().into_iter().map(String::from).collect();
    assert_eq!(
        reads,
        [
            "agreement/991825827_smartcloud/319900128",
            "system/991825827_smartcloud",
            "org/319900128",
            &String::from(StreamName::party(customer_party())),
            "catalogue/access-packages",
        ]
    );
}

#[test]
fn step_1_a_token_without_an_organisation_asks_for_nothing() {
    refused(
        &[created(), approved(), user(SystemUserKind::Standard)],
        |command| command.vendor = None,
        AgreementError::VendorMissing,
        AuthCode::VendorMissing,
    );
}

#[test]
fn step_2_without_a_reference_the_customers_number_is_the_reference() {
    for reference in [None, Some(String::new())] {
        let events = scenario::<Agreement>([])
            .when(&create(|command| command.submitted.external_ref = reference))
            .events();
        let [AgreementEvent::RequestCreated(request)] = events.as_slice() else { panic!() };
        assert_eq!(request.external_ref, "319900128");
    }
}

#[test]
fn step_3_a_system_user_of_either_kind_has_the_reference() {
    for kind in [SystemUserKind::Standard, SystemUserKind::Agent] {
        refused(
            &[created(), approved(), user(kind)],
            |command| command.id = id(2),
            AgreementError::SystemUserExists { external_ref: Seen::new("shop") },
            AuthCode::SystemUserExists,
        );
    }
}

#[test]
fn step_4_the_same_request_is_already_there_whatever_was_answered_and_whatever_the_body() {
    for history in [vec![created()], vec![created(), rejected()], vec![created(), approved()]] {
        scenario::<Agreement>(history)
            .when(&create(|command| {
                command.id = id(2);
                command.submitted.rights = Some(vec![Right::to("strange", None)]);
                command.facts.system = gone(definition());
            }))
            .then_nothing();
    }
}

#[test]
fn step_4_the_request_that_is_there_can_be_found_by_its_reference() {
    let agreement = Agreement::replay([Recorded { event: &created(), at: NOW }]);
    let live = |kind, reference| agreement.live_request(kind, reference, NOW);
    assert_eq!(live(SystemUserKind::Standard, "shop").unwrap().created.id, id(1));
    assert_eq!(live(SystemUserKind::Agent, "shop"), None);
    assert_eq!(live(SystemUserKind::Standard, "other"), None);
}

#[test]
fn step_4_a_request_times_out_after_180_days_and_a_new_one_can_be_made() {
    let last_moment = NOW.plus_seconds(180 * DAY);
    let repeat = |at| create(|command| (command.id, command.at) = (id(2), at));
    let history = || [(NOW, created())];
    scenario_at::<Agreement>(history()).when(&repeat(last_moment)).then_nothing();

    let events =
        scenario_at::<Agreement>(history()).when(&repeat(last_moment.plus_micros(1))).events();
    let [AgreementEvent::RequestCreated(request)] = events.as_slice() else { panic!() };
    assert_eq!(request.id, id(2));
}

#[test]
fn step_4_an_answered_request_does_not_time_out() {
    let late = NOW.plus_seconds(1_000 * DAY);
    scenario::<Agreement>([created(), rejected()])
        .when(&create(|command| (command.id, command.at) = (id(2), late)))
        .then_nothing();
}

#[test]
fn step_5_the_system_exists_and_is_not_deleted() {
    for system in [System::Unregistered, gone(definition())] {
        refused(
            &[],
            |command| {
                command.facts.system = system;
                command.facts.customer_party = None;
            },
            not_found(),
            AuthCode::SystemNotFound,
        );
    }
}

#[test]
fn step_6_a_request_of_the_other_kind_has_the_reference() {
    for (history, standing, code) in [
        (vec![agent_created()], Standing::New, AuthCode::RequestPending),
        (vec![agent_created(), rejected()], Standing::Rejected, AuthCode::RequestRejected),
        (vec![agent_created(), approved()], Standing::Accepted, AuthCode::RequestAccepted),
    ] {
        refused(
            &history,
            |command| {
                command.id = id(2);
                command.facts.customer_party = None;
            },
            AgreementError::ReferenceInUse { external_ref: Seen::new("shop"), standing },
            code,
        );
    }
}

#[test]
fn step_6_a_request_of_the_other_kind_that_timed_out_has_it_no_longer() {
    let late = NOW.plus_seconds(181 * DAY);
    scenario::<Agreement>([agent_created()])
        .when(&create(|command| (command.id, command.at) = (id(2), late)))
        .events();
}

#[test]
fn step_7_the_system_is_the_vendors_own() {
    refused(
        &[],
        |command| {
            command.vendor = Some(stranger());
            command.facts.customer_party = None;
        },
        not_found(),
        AuthCode::SystemNotFound,
    );
}

#[test]
fn another_vendor_learns_nothing_of_requests_and_system_users() {
    for history in [
        vec![created()],
        vec![agent_created()],
        vec![created(), approved(), user(SystemUserKind::Standard)],
    ] {
        refused(
            &history,
            |command| command.vendor = Some(stranger()),
            not_found(),
            AuthCode::SystemNotFound,
        );
    }
}

#[test]
fn step_8_the_entity_register_knows_the_customer() {
    refused(
        &[],
        |command| {
            command.facts.customer_party = None;
            command.submitted.redirect_url = Some("https://evil.example".to_owned());
        },
        AgreementError::CustomerNotFound { customer: customer() },
        AuthCode::CustomerNotFound,
    );
}

/// Issue 4: a customer that the register had deleted was asked like any other.
#[test]
fn step_8_a_deleted_customer_is_not_asked() {
    let delete = |command: &mut CreateRequest| {
        let known = command.facts.customer_party.as_mut().unwrap();
        known.is_deleted = true;
    };
    let error = AgreementError::CustomerNotFound { customer: customer() };
    refused(&[], delete, error, AuthCode::CustomerNotFound);
    // What was asked before is answered as before.
    scenario::<Agreement>([created()]).when(&create(delete)).then_nothing();
}

#[test]
fn step_9_a_redirect_url_is_one_of_the_systems() {
    let url = "https://evil.example/done";
    refused(
        &[],
        |command| {
            command.submitted.redirect_url = Some(url.to_owned());
            command.submitted.rights = Some(vec![Right::to("strange", None)]);
        },
        AgreementError::RedirectUrlNotAllowed { url: Seen::new(url) },
        AuthCode::RedirectUrlNotAllowed,
    );
    refused(
        &[],
        |command| {
            let system = SystemDefinition { allowed_redirect_urls: vec![], ..definition() };
            command.facts.system = active(system);
            command.submitted.redirect_url = Some(url.to_owned());
        },
        AgreementError::NoRedirectUrls { url: Seen::new(url) },
        AuthCode::NoRedirectUrls,
    );
}

#[test]
fn step_9_no_redirect_url_is_needed() {
    for url in [None, Some(String::new())] {
        let events = scenario::<Agreement>([])
            .when(&create(|command| command.submitted.redirect_url = url))
            .events();
        let [AgreementEvent::RequestCreated(request)] = events.as_slice() else { panic!() };
        assert_eq!(request.redirect_url, None);
    }
}

#[test]
fn step_10_something_is_asked_for() {
    let asked = |rights: Option<Vec<Right>>, packages: Option<Vec<PackageUrn>>| {
        move |command: &mut CreateRequest| {
            command.submitted.rights = rights;
            command.submitted.access_packages = packages;
        }
    };
    refused(&[], asked(None, None), AgreementError::RightsMissing, AuthCode::RightNotInSystem);
    for (rights, packages) in
        [(Some(vec![]), Some(vec![])), (None, Some(vec![])), (Some(vec![]), None)]
    {
        refused(
            &[],
            asked(rights, packages),
            AgreementError::NothingRequested,
            AuthCode::NothingRequested,
        );
    }
    for (rights, packages) in
        [(Some(vec![Right::to("vat-report", None)]), None), (None, Some(vec![tax()]))]
    {
        let command = create(asked(rights, packages));
        scenario::<Agreement>([]).when(&command).events();
    }
}

#[test]
fn step_11_rights_are_among_the_systems() {
    refused(
        &[],
        |command| {
            command.submitted.rights =
                Some(vec![Right::to("tax-report", None), Right::to("strange", Some("read"))]);
            command.submitted.access_packages = Some(vec![package("strange")]);
        },
        AgreementError::RightsNotInSystem { rights: vec![Seen::new("strange")] },
        AuthCode::RightNotInSystem,
    );
}

#[test]
fn step_11_there_are_no_more_rights_than_the_system_has() {
    refused(
        &[],
        |command| {
            let right = |action| Right::to("tax-report", Some(action));
            command.submitted.rights = Some(vec![right("a"), right("b"), right("c")]);
        },
        AgreementError::RightsNotInSystem { rights: vec![Seen::new("tax-report"); 3] },
        AuthCode::RightNotInSystem,
    );
}

#[test]
fn step_11_a_right_is_compared_by_its_resource_and_kept_with_its_action() {
    let rights = vec![Right::to("vat-report", Some("submit"))];
    let events = scenario::<Agreement>([])
        .when(&create(|command| command.submitted.rights = Some(rights.clone())))
        .events();
    let [AgreementEvent::RequestCreated(request)] = events.as_slice() else { panic!() };
    assert_eq!(request.rights, rights);
}

#[test]
fn step_12_packages_are_among_the_systems() {
    let strange = package("jordbruk");
    refused(
        &[],
        |command| {
            command
                .facts
                .packages
                .insert(strange.clone(), PackageFact { is_assignable: true, is_delegable: true });
            command.submitted.access_packages =
                Some(vec![package("regnskapsforer-lonn"), strange.clone()]);
        },
        AgreementError::PackagesNotInSystem { packages: vec![Seen::new(strange.as_str())] },
        AuthCode::PackageNotInSystem,
    );
}

#[test]
fn step_13_packages_can_be_given_directly() {
    let payroll = package("regnskapsforer-lonn");
    refused(
        &[],
        |command| command.submitted.access_packages = Some(vec![tax(), payroll.clone()]),
        AgreementError::PackagesNotAssignable { packages: vec![Seen::new(payroll.as_str())] },
        AuthCode::PackageNotForStandard,
    );
    refused(
        &[],
        |command| command.facts.packages.clear(),
        AgreementError::PackagesNotAssignable { packages: vec![Seen::new(tax().as_str())] },
        AuthCode::PackageNotForStandard,
    );
}

#[test]
fn step_14_without_a_title_the_systems_name_in_bokmal_is_the_title() {
    for title in [None, Some(String::new())] {
        let events = scenario::<Agreement>([])
            .when(&create(|command| command.submitted.integration_title = title))
            .events();
        let [AgreementEvent::RequestCreated(request)] = events.as_slice() else { panic!() };
        assert_eq!(request.integration_title, "SmartCloud nb");
    }
}

#[test]
fn a_national_identity_number_is_refused_wherever_it_stands() {
    type Change = fn(&mut RequestSubmission);
    let cases: [(&str, Change); 4] = [
        ("externalRef", |submitted| submitted.external_ref = Some(format!("kunde-{NUMBER}"))),
        ("integrationTitle", |submitted| {
            submitted.integration_title = Some("for 128385 49045".to_owned());
        }),
        ("redirectUrl", |submitted| {
            submitted.redirect_url = Some(format!("https://smartcloud.example/done?fnr={NUMBER}"));
        }),
        ("rights", |submitted| {
            submitted.rights = Some(vec![Right::to("tax-report", Some(NUMBER))]);
        }),
    ];
    for (field, change) in cases {
        let refusal = AgreementError::NationalNumber { field };
        assert_eq!(refusal.code(), None);
        scenario::<Agreement>([])
            .when(&create(|command| change(&mut command.submitted)))
            .then_refused(refusal);
    }
}

#[test]
fn no_refusal_shows_a_national_identity_number() {
    let refusal = scenario::<Agreement>([])
        .when(&create(|command| {
            command.submitted.redirect_url = Some(format!("https://evil.example/{NUMBER}"));
        }))
        .refusal();
    assert_eq!(refusal.code(), Some(AuthCode::RedirectUrlNotAllowed));
    assert!(!format!("{refusal} {refusal:?}").contains(NUMBER), "{refusal}");
}

#[test]
fn an_id_is_spent_for_ever() {
    for history in [
        vec![created(), withdrawn()],
        vec![created(), approved(), user(SystemUserKind::Standard), deleted()],
    ] {
        refused(
            &history,
            |_| (),
            AgreementError::IdSpent { id: id(1) },
            AuthCode::RequestNotStored,
        );
    }
}
